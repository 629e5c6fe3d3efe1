#include "pool.h"

#include <stdlib.h>
#include <sys/mman.h>

#include <algorithm>
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

int64_t Pool::room() const { return std::max<int64_t>(0, std::min(limit_, total_ - taken_)); }

void* Pool::take(int64_t bytes) {
    if (bytes > std::numeric_limits<int64_t>::max() / 4) throw std::bad_alloc();
    const int64_t size = size_class(bytes);
    Shelf& shelf = shelves_[size];
    shelf.asked = ++clock_;
    void* memory = nullptr;
    if (!shelf.free.empty()) {
        memory = shelf.free.back();
        shelf.free.pop_back();
        pooled_ -= size;
        taken_ += size;
    } else {
        taken_ += size;
        shrink(room());
        memory = allocate(size);
        if (memory == nullptr) {
            shrink(0);
            memory = allocate(size);
        }
        if (memory == nullptr) {
            taken_ -= size;
            throw std::bad_alloc();
        }
    }
    ASAN_POISON_MEMORY_REGION(memory, static_cast<size_t>(size));
    ASAN_UNPOISON_MEMORY_REGION(memory, static_cast<size_t>(bytes));
    return memory;
}

void Pool::give_back(void* memory, int64_t bytes) noexcept {
    const int64_t size = size_class(bytes);
    taken_ -= size;
    if (size > room()) return release(memory, size);
    shrink(room() - size);
    try {
        shelves_[size].free.push_back(memory);
        pooled_ += size;
        ASAN_POISON_MEMORY_REGION(memory, static_cast<size_t>(size));
    } catch (const std::bad_alloc&) {
        release(memory, size);
    }
}

void Pool::limit_total(int64_t bytes) noexcept {
    total_ = bytes;
    shrink(room());
}

void Pool::trim() noexcept {
    shrink(0);
    shelves_.clear();
}

// Sizes that nobody has asked for lately go first.
void Pool::shrink(int64_t bytes) noexcept {
    while (pooled_ > bytes) {
        auto oldest = shelves_.end();
        for (auto each = shelves_.begin(); each != shelves_.end(); ++each) {
            const bool older = oldest == shelves_.end() || each->second.asked < oldest->second.asked;
            if (!each->second.free.empty() && older) oldest = each;
        }
        std::vector<void*>& list = oldest->second.free;
        for (; pooled_ > bytes && !list.empty(); list.pop_back()) {
            release(list.back(), oldest->first);
            pooled_ -= oldest->first;
        }
    }
}

}  // namespace microtome
