// Descriptors of the caller, checked once; after that every address inside a view is known to be inside its buffer.
#ifndef MICROTOME_VIEW_H
#define MICROTOME_VIEW_H

#include <initializer_list>
#include <string>

#include "engine.h"

namespace microtome {

// Elements and bytes of the smallest unit of a type.
struct Unit {
    int64_t elements;
    int64_t bytes;
};
Unit unit_of(mt_dtype dtype);
bool is_block_type(mt_dtype dtype);
const char* name_of(mt_dtype dtype);

struct View {
    const char* name = "";  // as the header calls the argument
    char* data = nullptr;   // the element at `offset`; only to be written through when made by `written`
    mt_dtype dtype = MT_F32;
    mt_layout layout = MT_ROW_MAJOR;
    int rank = 0;
    int64_t extent[MT_MAX_RANK] = {};
    int64_t stride[MT_MAX_RANK] = {};
    int64_t elements = 0;
    const char* first_byte = nullptr;  // the bytes that the view can touch
    const char* last_byte = nullptr;   // one past the end

    int64_t width() const { return rank == 0 ? 1 : extent[rank - 1]; }
    // Elements per index of the last axis.
    int64_t rows() const { return width() == 0 ? 0 : elements / width(); }
    bool contiguous() const;
    bool same_shape(const View& other) const;
    std::string shape() const;
    const void* row(int64_t index) const;  // of a contiguous view
};

// A tensor to read or to write. Writing needs a buffer of the engine's own.
View read(const mt_engine& engine, const mt_tensor* tensor, const char* name);
View written(const mt_engine& engine, const mt_tensor* tensor, const char* name);

void require_type(const View& view, std::initializer_list<mt_dtype> allowed);
void require_rank(const View& view, int rank);
void require_contiguous(const View& view);
void require_row_major(const View& view);
void require_same_shape(const View& left, const View& right);
void require_same_type(const View& left, const View& right);
// The two may not share a byte; with `in_place`, they may also be the very same elements.
void require_disjoint(const View& out, const View& in, bool in_place = false);

// The elements of a contiguous view at an address that suits their type: a copy where a mapped file offers none.
class Aligned {
public:
    Aligned(mt_engine& engine, const View& view);
    const char* data() const { return data_; }

private:
    Scratch copy_;
    const char* data_;
};

// Of a view that is not empty, so that it cannot overflow.
int64_t product_of_extents(const View& view, int first_axis, int last_axis);

}  // namespace microtome

#endif
