// What lies at an address of this process.
#ifndef MICROTOME_MAPPING_H
#define MICROTOME_MAPPING_H

#include <stdint.h>

#include <optional>

namespace microtome {

struct Mapping {
    uintptr_t first = 0, last = 0;
    bool writable = false;
    uint64_t inode = 0;  // 0 when no file is behind it
};

// By a question to the kernel: microseconds, Linux 6.11 and newer. Nothing where that is not known or nothing is
// mapped.
std::optional<Mapping> mapping_by_query(uintptr_t address);
// By reading the list of all mappings: a millisecond in a program that has thousands.
std::optional<Mapping> mapping_by_list(uintptr_t address);

// Whether these addresses belong to one read-only mapping of a file. Dropping pages of any other memory would lose
// data, and what is mapped where can change between two calls, so every call looks.
bool is_mapped_file(uintptr_t first, uintptr_t last);

}  // namespace microtome

#endif
