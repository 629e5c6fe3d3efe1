// mt_top_examples: every thread watches some features, and only what beats their worst example is looked at closely.
#include <string.h>

#include <algorithm>
#include <vector>

#include "kernel_table.h"
#include "parallel.h"
#include "view.h"

using namespace microtome;

namespace {

enum : int64_t { kFeatures = 1024, kMostExamples = int64_t(1) << 53 };

void check(int64_t first, const View& state, const View& activations, const View& out) {
    require_type(state, {MT_F64});
    require_type(activations, {MT_F32, MT_BF16});
    require_type(out, {MT_F64});
    require_rank(state, 3);
    require_rank(activations, 2);
    for (const View* view : {&state, &activations, &out}) require_contiguous(*view);
    MT_REQUIRE(state.extent[0] == 2 && state.extent[1] == activations.extent[1] && state.extent[2] > 0,
               "state must be [2, %lld, 1 or more slots]; it is %s", (long long)activations.extent[1],
               state.shape().c_str());
    MT_REQUIRE(first >= 0 && first <= kMostExamples - activations.extent[0],
               "%lld rows from example %lld on; numbers go from 0 to 2^53", (long long)activations.extent[0],
               (long long)first);
    require_same_shape(state, out);
    require_disjoint(out, state, true);
    require_disjoint(out, activations);
}

bool beats(double value, double other) { return value > other || (value != value && other == other); }

struct Slots {
    double* values;
    double* numbers;
    int64_t count;

    // The worst value that stays, as a float: all values came as floats.
    float limit() const { return float(values[count - 1]); }

    void take(double value, double number) const {
        if (!beats(value, values[count - 1])) return;
        int64_t at = count - 1;
        for (; at > 0 && beats(value, values[at - 1]); --at) {
            values[at] = values[at - 1];
            numbers[at] = numbers[at - 1];
        }
        values[at] = value;
        numbers[at] = number;
    }
};

// Features begin .. end of every row.
void watch(int64_t first, const Aligned& activations, const View& shape, double* state, int64_t slots, int64_t begin,
           int64_t end) {
    const int64_t rows = shape.extent[0], features = shape.extent[1], size = unit_of(shape.dtype).bytes;
    const auto of = [&](int64_t feature) {
        double* values = state + feature * slots;
        return Slots{values, values + features * slots, slots};
    };
    float limits[kFeatures], row[kFeatures], values[kFeatures];
    int32_t places[kFeatures];
    const int64_t count = end - begin;
    for (int64_t f = 0; f < count; ++f) limits[f] = of(begin + f).limit();
    for (int64_t r = 0; r < rows; ++r) {
        kernels().to_float(shape.dtype, activations.data() + (r * features + begin) * size, row, count);
        const int64_t found = kernels().select_above(row, limits, 1, count, count, 0, places, values);
        for (int64_t i = 0; i < found; ++i) {
            const Slots own = of(begin + places[i]);
            own.take(double(values[i]), double(first + r));
            limits[places[i]] = own.limit();
        }
    }
}

}  // namespace

extern "C" mt_status mt_top_examples(mt_engine* engine, int64_t first, const mt_tensor* state,
                                     const mt_tensor* activations, const mt_tensor* out) {
    return entry(engine, "mt_top_examples", [&](mt_engine& own) {
        const View before = read(own, state, "state"), x = read(own, activations, "activations");
        const View after = written(own, out, "out");
        check(first, before, x, after);
        if (after.elements == 0) return;
        if (after.data != before.data) memcpy(after.data, before.data, size_t(after.elements) * sizeof(double));
        if (x.elements == 0) return;
        const Aligned source(own, x);
        double* values = reinterpret_cast<double*>(after.data);
        const int64_t features = x.extent[1];
        parallel_tasks((features + kFeatures - 1) / kFeatures, [&](int64_t part, int) {
            const int64_t begin = part * kFeatures;
            watch(first, source, x, values, after.extent[2], begin, std::min<int64_t>(begin + kFeatures, features));
        });
    });
}
