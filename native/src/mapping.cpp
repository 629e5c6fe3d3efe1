#include "mapping.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <fstream>
#include <string>

namespace microtome {
namespace {

// struct procmap_query of linux/fs.h, which older headers lack.
struct Query {
    uint64_t size, flags, address, first, last, mapping_flags, page_size, offset, inode;
    uint32_t device_major, device_minor, name_size, build_id_size;
    uint64_t name, build_id;
};
constexpr unsigned long kQuery = _IOWR('f', 17, Query);
constexpr uint64_t kWritable = 2;

}  // namespace

std::optional<Mapping> mapping_by_query(uintptr_t address) {
    const int file = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
    if (file < 0) return std::nullopt;
    Query query = {};
    query.size = sizeof query;
    query.address = address;
    const int status = ioctl(file, kQuery, &query);
    close(file);
    if (status != 0) return std::nullopt;
    return Mapping{query.first, query.last, (query.mapping_flags & kWritable) != 0, query.inode};
}

std::optional<Mapping> mapping_by_list(uintptr_t address) {
    std::ifstream maps("/proc/self/maps");
    for (std::string line; std::getline(maps, line);) {
        char* rest;
        const uintptr_t first = strtoul(line.c_str(), &rest, 16);
        if (address < first || *rest != '-') break;  // the list is in the order of addresses
        const uintptr_t last = strtoul(rest + 1, &rest, 16);
        if (address >= last) continue;
        unsigned long inode = 0;
        char permissions[8] = {};
        if (sscanf(rest, " %7s %*s %*s %lu", permissions, &inode) != 2) break;
        return Mapping{first, last, permissions[1] == 'w', inode};
    }
    return std::nullopt;
}

bool is_mapped_file(uintptr_t first, uintptr_t last) {
    std::optional<Mapping> mapping = mapping_by_query(first);
    if (!mapping) mapping = mapping_by_list(first);
    return mapping && last <= mapping->last && !mapping->writable && mapping->inode != 0;
}

}  // namespace microtome
