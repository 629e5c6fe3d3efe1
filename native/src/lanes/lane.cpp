// The finished table of one lane.
#include "lane.h"

#define MT_NAME_OF(lane) "x86-64-" #lane
#define MT_LANE_NAME(lane) MT_NAME_OF(lane)

namespace microtome {
namespace MT_LANE {

const KernelTable& table() {
    static KernelTable table;  // filled by the one caller, before the first use
    if (table.name == nullptr) {
        fill_convert(&table);
        fill_elementwise(&table);
        fill_rows(&table);
        fill_attention(&table);
        fill_gradients(&table);
        fill_product(&table);
        fill_stored(&table);
        fill_copy(&table);
        fill_sparse(&table);
        fill_statistics(&table);
        fill_peak(&table);
        table.name = MT_LANE_NAME(MT_LANE);
    }
    return table;
}

}  // namespace MT_LANE
}  // namespace microtome
