// A contiguous copy of a view in F32 or its own type, where the original will not do.
#ifndef MICROTOME_DENSE_H
#define MICROTOME_DENSE_H

#include "view.h"

namespace microtome {

class Dense {
public:
    // No copy is made when the view is already contiguous, aligned and of the type. Strides are 0 or more, the last
    // axis is contiguous.
    Dense(mt_engine& engine, const View& view, mt_dtype dtype);
    const View& view() const { return view_; }

private:
    static bool serves(const View& view, mt_dtype dtype);
    View view_;
    Scratch copy_;
};

}  // namespace microtome

#endif
