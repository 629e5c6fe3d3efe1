// Which processor this is, and which lane of kernels it runs.
#ifndef MICROTOME_ISA_H
#define MICROTOME_ISA_H

#include <string>

namespace microtome {

// Empty when the processor and MT_ISA_CAP are fine, else what is wrong with them.
const std::string& isa_problem();
// The lane in use, 2 to 4.
int isa_level();
std::string processor_name();

}  // namespace microtome

#endif
