// Memory that is given back is kept by size, so that the next tensor of about that size finds pages that are already
// there: a first touch costs more than most kernels.
#ifndef MICROTOME_POOL_H
#define MICROTOME_POOL_H

#include <stddef.h>
#include <stdint.h>

#include <map>
#include <vector>

namespace microtome {

class Pool {
public:
    // Keeps at most this many unused bytes. What comes back beyond that takes the place of what was asked for the longest
    // time ago.
    explicit Pool(int64_t limit) : limit_(limit) {}
    ~Pool() { trim(); }
    Pool(const Pool&) = delete;
    Pool& operator=(const Pool&) = delete;

    // At least `bytes`, 64-byte aligned, uninitialised; throws std::bad_alloc.
    void* take(int64_t bytes);
    void give_back(void* memory, int64_t bytes) noexcept;
    void trim() noexcept;
    // From now on unused bytes are kept only while they and the bytes in use are no more than this together. What is asked
    // for is given whatever the limit.
    void limit_total(int64_t bytes) noexcept;
    int64_t pooled() const { return pooled_; }

    // The bytes that a request really occupies: eight sizes per power of two.
    static int64_t size_class(int64_t bytes);

private:
    struct Shelf {
        std::vector<void*> free;
        uint64_t asked = 0;  // when this size was last asked for
    };

    int64_t room() const;  // unused bytes that may be kept now
    void shrink(int64_t bytes) noexcept;

    std::map<int64_t, Shelf> shelves_;  // by size class
    int64_t pooled_ = 0, taken_ = 0;
    int64_t limit_, total_ = INT64_MAX;
    uint64_t clock_ = 0;
};

// Memory for the length of one call.
class Scratch {
public:
    Scratch(Pool& pool, int64_t bytes) : pool_(pool), bytes_(bytes), memory_(bytes > 0 ? pool.take(bytes) : nullptr) {}
    ~Scratch() {
        if (memory_ != nullptr) pool_.give_back(memory_, bytes_);
    }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    template <class T>
    T* as() const {
        return static_cast<T*>(memory_);
    }

private:
    Pool& pool_;
    int64_t bytes_;
    void* memory_;
};

}  // namespace microtome

#endif
