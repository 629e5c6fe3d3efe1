#include "engine.h"

#include <omp.h>
#include <unistd.h>

#include <algorithm>
#include <mutex>
#include <new>
#include <oneapi/dnnl/dnnl.hpp>
#include <unordered_set>

#include "isa.h"
#include "kernel_table.h"
#include "placement.h"
#include "products.h"
#include "stop.h"

namespace microtome {

__thread const std::atomic<bool>* stop_request = nullptr;

void stopped() { fail(MT_INTERRUPTED, "stopped by mt_interrupt; what it has written is undefined"); }

namespace {

// The living engines: a handle that is not here was never one, or was destroyed.
std::mutex& registry_lock() {
    static std::mutex lock;
    return lock;
}

std::unordered_set<const mt_engine*>& registry() {
    static std::unordered_set<const mt_engine*> engines;
    return engines;
}

bool is_living(const mt_engine* engine) {
    const std::lock_guard<std::mutex> hold(registry_lock());
    return registry().count(engine) == 1;
}

thread_local std::string thread_error;

void note(const mt_engine* engine, const char* function, const std::string& text) noexcept {
    try {
        std::string& target =
            engine != nullptr && is_living(engine) ? const_cast<mt_engine*>(engine)->error : thread_error;
        target = std::string(function) + ": " + text;
    } catch (...) {
        // No memory even for the text; the status still tells.
    }
}

int64_t pool_limit() {
    const int64_t physical = int64_t(sysconf(_SC_PHYS_PAGES)) * sysconf(_SC_PAGESIZE);
    return std::clamp(physical / 8, int64_t(128) << 20, int64_t(2) << 30);
}

void prepare_thread(int threads) {
    omp_set_dynamic(0);
    omp_set_num_threads(std::min(threads, omp_get_thread_limit()));
}

std::string describe(const mt_engine& engine) {
    const dnnl_version_t* version = dnnl_version();
    return "processor=" + processor_name() + "\nlane=" + kernels().name +
           "\nthreads=" + std::to_string(std::min(engine.threads, omp_get_thread_limit())) +
           "\nmatrix_library=oneDNN " + std::to_string(version->major) + "." + std::to_string(version->minor) + "." +
           std::to_string(version->patch) +
           "\nbf16_products=" + (engine.products->multiplies_bf16() ? "native" : "in f32") + "\n";
}

constexpr int kMostThreads = 4096;

}  // namespace

void enter(mt_engine* engine, bool obeys_interrupt) {
    MT_REQUIRE(engine != nullptr, "the engine is NULL; make one with mt_engine_create");
    MT_REQUIRE(is_living(engine), "this is not a living engine; was it destroyed?");
    MT_REQUIRE(!omp_in_parallel(), "called from inside an OpenMP parallel region; call from one thread");
    prepare_thread(engine->threads);
    if (obeys_interrupt) engine->stop.store(false, std::memory_order_relaxed);
    stop_request = obeys_interrupt ? &engine->stop : nullptr;
}

mt_status note_failure(mt_engine* engine, const char* function) noexcept {
    try {
        throw;
    } catch (const Failure& failure) {
        note(engine, function, failure.text());
        return failure.status();
    } catch (const dnnl::error& error) {
        note(engine, function, std::string("oneDNN: ") + error.what());
        return error.status == dnnl_out_of_memory ? MT_OUT_OF_MEMORY : MT_INTERNAL;
    } catch (const std::bad_alloc&) {
        note(engine, function, "out of memory");
        return MT_OUT_OF_MEMORY;
    } catch (const std::exception& exception) {
        note(engine, function, exception.what());
        return MT_INTERNAL;
    } catch (...) {
        note(engine, function, "an unknown fault");
        return MT_INTERNAL;
    }
}

}  // namespace microtome

using namespace microtome;

mt_engine::mt_engine(int thread_count)
    : threads(thread_count), pool(pool_limit()), products(std::make_unique<ProductLibrary>()) {}

mt_engine::~mt_engine() {
    for (auto& [handle, buffer] : buffers) {
        if (!buffer->wrapped) pool.give_back(buffer->memory, buffer->bytes);
    }
}

extern "C" {

mt_status mt_engine_create(int32_t threads, mt_engine** engine) {
    try {
        MT_REQUIRE(engine != nullptr, "the place for the engine is NULL");
        *engine = nullptr;
        MT_REQUIRE(threads >= 0 && threads <= kMostThreads, "%d threads; need 0 (one per processor) to %d", threads,
                   kMostThreads);
        if (!isa_problem().empty()) fail(MT_UNSUPPORTED, "%s", isa_problem().c_str());
        MT_REQUIRE(!omp_in_parallel(), "called from inside an OpenMP parallel region; call from one thread");
        const int count = threads == 0 ? omp_get_num_procs() : threads;
        prepare_thread(count);
        auto made = std::make_unique<mt_engine>(count);
        made->description = describe(*made);
        const std::lock_guard<std::mutex> hold(registry_lock());
        registry().insert(made.get());
        *engine = made.release();
        return MT_OK;
    } catch (...) {
        return note_failure(nullptr, "mt_engine_create");
    }
}

mt_status mt_engine_destroy(mt_engine* engine) {
    try {
        MT_REQUIRE(engine != nullptr, "the engine is NULL");
        const std::lock_guard<std::mutex> hold(registry_lock());
        MT_REQUIRE(registry().erase(engine) == 1, "this is not a living engine; was it destroyed before?");
        delete engine;
        roam();
        return MT_OK;
    } catch (...) {
        return note_failure(nullptr, "mt_engine_destroy");
    }
}

const char* mt_last_error(const mt_engine* engine) {
    return engine != nullptr && is_living(engine) ? engine->error.c_str() : thread_error.c_str();
}

// Work on this device is finished when its entry returns.
mt_status mt_synchronize(mt_engine* engine) {
    return unstoppable_entry(engine, "mt_synchronize", [](mt_engine&) { roam(); });
}

mt_status mt_interrupt(mt_engine* engine) {
    try {
        MT_REQUIRE(engine != nullptr, "the engine is NULL");
        const std::lock_guard<std::mutex> hold(registry_lock());
        MT_REQUIRE(registry().count(engine) == 1, "this is not a living engine; was it destroyed?");
        engine->stop = true;
        return MT_OK;
    } catch (...) {
        return note_failure(nullptr, "mt_interrupt");
    }
}

int32_t mt_abi_version(void) { return MT_ABI_VERSION; }

const char* mt_describe(const mt_engine* engine) {
    return engine != nullptr && is_living(engine) ? engine->description.c_str() : "";
}

}  // extern "C"
