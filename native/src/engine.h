// What stands behind the two handles of the C interface, and the frame of every entry.
#ifndef MICROTOME_ENGINE_H
#define MICROTOME_ENGINE_H

#include <atomic>
#include <memory>
#include <string>
#include <unordered_map>

#include "failure.h"
#include "microtome/microtome.h"
#include "pool.h"

namespace microtome {
class ProductLibrary;
}

struct mt_buffer {
    char* memory = nullptr;
    int64_t bytes = 0;
    bool wrapped = false;  // memory of the caller: read only, of any alignment
};

struct mt_engine {
    explicit mt_engine(int thread_count);
    ~mt_engine();

    int threads;
    std::atomic<bool> stop{false};  // the running operation shall end; set by any thread
    microtome::Pool pool;
    std::unordered_map<const mt_buffer*, std::unique_ptr<mt_buffer>> buffers;
    int64_t live_bytes = 0;
    std::unique_ptr<microtome::ProductLibrary> products;
    std::string description;
    std::string error;
};

namespace microtome {

// Throws unless this is a living engine; then prepares the calling thread. OpenMP may give fewer threads than a library
// counts on, silently, if `dynamic` is set or a limit is in force: both are asked for on the thread that calls. What the
// thread does until its next entry obeys mt_interrupt, or does not.
void enter(mt_engine* engine, bool obeys_interrupt);

// Tells the system that the whole pages among these bytes are not needed for now, if they belong to one read-only mapping
// of a file; any other memory is left alone.
void forget_pages(const void* memory, int64_t bytes);

// Notes the failure that is being handled and gives its status.
mt_status note_failure(mt_engine* engine, const char* function) noexcept;

template <class Body>
mt_status entry(const mt_engine* engine, const char* function, Body body, bool obeys_interrupt = true) noexcept {
    mt_engine* own = const_cast<mt_engine*>(engine);
    try {
        enter(own, obeys_interrupt);
        body(*own);
        return MT_OK;
    } catch (...) {
        return note_failure(own, function);
    }
}

// For what is short, or must not stay half done: buffers and their bytes.
template <class Body>
mt_status unstoppable_entry(const mt_engine* engine, const char* function, Body body) noexcept {
    return entry(engine, function, body, false);
}

}  // namespace microtome

#endif
