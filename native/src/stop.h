// The request to stop that long work looks for.
#ifndef MICROTOME_STOP_H
#define MICROTOME_STOP_H

#include <atomic>

namespace microtome {

// What mt_interrupt sets, or null where the running call finishes whatever is asked. Set by the frame of every entry.
extern __thread const std::atomic<bool>* stop_request;

// Fails with MT_INTERRUPTED.
[[noreturn]] void stopped();

// Whether the running call shall stop. Made on the thread that called the entry; asked by any of its team.
class Stop {
public:
    Stop() : request_(stop_request) {}
    bool asked() const { return request_ != nullptr && request_->load(std::memory_order_relaxed); }
    // Throws when it is asked: on the calling thread only, outside parallel regions.
    void check() const {
        if (asked()) stopped();
    }

private:
    const std::atomic<bool>* request_;
};

}  // namespace microtome

#endif
