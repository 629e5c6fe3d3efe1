#include "pool.h"

#include <stdlib.h>
#include <sys/mman.h>

#include <limits>
#include <new>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(address, size) ((void)(address), (void)(size))
#define ASAN_UNPOISON_MEMORY_REGION(address, size) ((void)(address), (void)(size))
#endif

namespace microtome {
namespace {

constexpr int64_t kAlignment = 64;
constexpr int64_t kHugePage = int64_t(2) << 20;
constexpr int64_t kMapped = int64_t(1) << 20;  // from here on pages come straight from the system

void* allocate(int64_t size) {
    if (size < kMapped) return aligned_alloc(kAlignment, static_cast<size_t>(size));
    void* memory = mmap(nullptr, static_cast<size_t>(size), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return nullptr;
    if (size >= 2 * kHugePage) madvise(memory, static_cast<size_t>(size), MADV_HUGEPAGE);
    return memory;
}

void release(void* memory, int64_t size) noexcept {
    ASAN_UNPOISON_MEMORY_REGION(memory, static_cast<size_t>(size));
    if (size < kMapped) {
        free(memory);
    } else {
        munmap(memory, static_cast<size_t>(size));
    }
}

}  // namespace

int64_t Pool::size_class(int64_t bytes) {
    if (bytes <= 8 * kAlignment) return (bytes + kAlignment - 1) / kAlignment * kAlignment;
    const int64_t power = int64_t(1) << (63 - __builtin_clzll(static_cast<unsigned long long>(bytes - 1)));
    const int64_t step = power / 8;  // bytes - 1 lies in [power, 2 * power)
    return (bytes + step - 1) / step * step;
}

void* Pool::take(int64_t bytes) {
    if (bytes > std::numeric_limits<int64_t>::max() / 4) throw std::bad_alloc();
    const int64_t size = size_class(bytes);
    void* memory = nullptr;
    const auto found = free_.find(size);
    if (found != free_.end() && !found->second.empty()) {
        memory = found->second.back();
        found->second.pop_back();
        pooled_ -= size;
    } else {
        memory = allocate(size);
        if (memory == nullptr) {
            trim();
            memory = allocate(size);
        }
        if (memory == nullptr) throw std::bad_alloc();
    }
    ASAN_POISON_MEMORY_REGION(memory, static_cast<size_t>(size));
    ASAN_UNPOISON_MEMORY_REGION(memory, static_cast<size_t>(bytes));
    return memory;
}

void Pool::give_back(void* memory, int64_t bytes) noexcept {
    const int64_t size = size_class(bytes);
    if (pooled_ + size > limit_) return release(memory, size);
    try {
        free_[size].push_back(memory);
        pooled_ += size;
        ASAN_POISON_MEMORY_REGION(memory, static_cast<size_t>(size));
    } catch (const std::bad_alloc&) {
        release(memory, size);
    }
}

void Pool::trim() noexcept {
    for (auto& [size, list] : free_) {
        for (void* memory : list) release(memory, size);
    }
    free_.clear();
    pooled_ = 0;
}

}  // namespace microtome
