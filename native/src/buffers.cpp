// Buffers: made, wrapped, filled, read, given back.
#include <malloc.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "engine.h"
#include "mapping.h"
#include "parallel.h"
#include "placement.h"

using namespace microtome;

namespace {

constexpr int64_t kCopyGrain = int64_t(1) << 20;  // bytes

void copy_bytes(void* target, const void* source, int64_t bytes) {
    parallel_ranges(bytes, kCopyGrain, [=](int64_t begin, int64_t end, int) {
        memcpy(static_cast<char*>(target) + begin, static_cast<const char*>(source) + begin,
               static_cast<size_t>(end - begin));
    });
}

mt_buffer& living(const mt_engine& engine, const mt_buffer* buffer) {
    const auto found = engine.buffers.find(buffer);
    MT_REQUIRE(found != engine.buffers.end(), "this is not a living buffer of this engine");
    return *found->second;
}

void check_range(const mt_buffer& buffer, int64_t first, int64_t bytes) {
    MT_REQUIRE(first >= 0 && bytes >= 0 && first <= buffer.bytes && bytes <= buffer.bytes - first,
               "%lld bytes from byte %lld on do not lie inside a buffer of %lld bytes", (long long)bytes,
               (long long)first, (long long)buffer.bytes);
}

mt_buffer* add_buffer(mt_engine& engine, void* memory, int64_t bytes, bool wrapped) {
    auto buffer = std::make_unique<mt_buffer>();
    buffer->memory = static_cast<char*>(memory);
    buffer->bytes = bytes;
    buffer->wrapped = wrapped;
    mt_buffer* handle = buffer.get();
    engine.buffers.emplace(handle, std::move(buffer));
    return handle;
}

}  // namespace

void microtome::forget_pages(const void* memory, int64_t bytes) {
    const uintptr_t page = static_cast<uintptr_t>(sysconf(_SC_PAGESIZE));
    const uintptr_t address = reinterpret_cast<uintptr_t>(memory);
    const uintptr_t first = (address + page - 1) / page * page;  // whole pages only
    const uintptr_t last = (address + static_cast<uintptr_t>(bytes)) / page * page;
    if (first >= last || !is_mapped_file(first, last)) return;
    madvise(reinterpret_cast<void*>(first), last - first, MADV_DONTNEED);
}

extern "C" {

mt_status mt_buffer_create(mt_engine* engine, int64_t bytes, mt_buffer** buffer) {
    return unstoppable_entry(engine, "mt_buffer_create", [&](mt_engine& own) {
        MT_REQUIRE(buffer != nullptr, "the place for the buffer is NULL");
        *buffer = nullptr;
        MT_REQUIRE(bytes >= 0, "%lld bytes; need 0 or more", (long long)bytes);
        const int64_t reserved = bytes == 0 ? 1 : bytes;
        void* memory;
        try {
            memory = own.pool.take(reserved);
        } catch (const std::bad_alloc&) {
            fail(MT_OUT_OF_MEMORY, "no memory for %lld bytes; %lld bytes live in %zu buffers, %lld are pooled",
                 (long long)bytes, (long long)own.live_bytes, own.buffers.size(), (long long)own.pool.pooled());
        }
        try {
            *buffer = add_buffer(own, memory, bytes, false);
        } catch (...) {
            own.pool.give_back(memory, reserved);
            throw;
        }
        own.live_bytes += bytes;
    });
}

mt_status mt_buffer_wrap(mt_engine* engine, const void* memory, int64_t bytes, mt_buffer** buffer) {
    return unstoppable_entry(engine, "mt_buffer_wrap", [&](mt_engine& own) {
        MT_REQUIRE(buffer != nullptr, "the place for the buffer is NULL");
        *buffer = nullptr;
        MT_REQUIRE(bytes >= 0, "%lld bytes; need 0 or more", (long long)bytes);
        MT_REQUIRE(memory != nullptr || bytes == 0, "the memory is NULL");
        MT_REQUIRE(reinterpret_cast<uintptr_t>(memory) <= UINTPTR_MAX - static_cast<uintptr_t>(bytes),
                   "%lld bytes from %p on pass the end of the address space", (long long)bytes, memory);
        *buffer = add_buffer(own, const_cast<void*>(memory), bytes, true);
    });
}

mt_status mt_buffer_destroy(mt_engine* engine, mt_buffer* buffer) {
    return unstoppable_entry(engine, "mt_buffer_destroy", [&](mt_engine& own) {
        if (buffer == nullptr) return;
        const mt_buffer gone = living(own, buffer);
        own.buffers.erase(buffer);
        if (gone.wrapped) return;
        own.live_bytes -= gone.bytes;
        own.pool.give_back(gone.memory, gone.bytes == 0 ? 1 : gone.bytes);
    });
}

mt_status mt_upload(mt_engine* engine, const void* source, mt_buffer* target, int64_t first_byte, int64_t bytes) {
    return unstoppable_entry(engine, "mt_upload", [&](mt_engine& own) {
        const mt_buffer& buffer = living(own, target);
        MT_REQUIRE(!buffer.wrapped, "the target is wrapped memory, which is read only");
        check_range(buffer, first_byte, bytes);
        MT_REQUIRE(source != nullptr || bytes == 0, "the source is NULL");
        copy_bytes(buffer.memory + first_byte, source, bytes);
    });
}

mt_status mt_download(mt_engine* engine, const mt_buffer* source, int64_t first_byte, int64_t bytes, void* target) {
    return unstoppable_entry(engine, "mt_download", [&](mt_engine& own) {
        roam();
        const mt_buffer& buffer = living(own, source);
        check_range(buffer, first_byte, bytes);
        MT_REQUIRE(target != nullptr || bytes == 0, "the target is NULL");
        copy_bytes(target, buffer.memory + first_byte, bytes);
    });
}

mt_status mt_memory(const mt_engine* engine, int64_t* live, int64_t* pooled) {
    return unstoppable_entry(engine, "mt_memory", [&](mt_engine& own) {
        MT_REQUIRE(live != nullptr && pooled != nullptr, "a place for the answer is NULL");
        *live = own.live_bytes;
        *pooled = own.pool.pooled();
    });
}

mt_status mt_trim(mt_engine* engine) {
    return unstoppable_entry(engine, "mt_trim", [](mt_engine& own) {
        own.pool.trim();
#if defined(__GLIBC__)
        malloc_trim(0);  // what other libraries of the process have freed lies in pages of the same heap
#endif
    });
}

mt_status mt_limit_pool(mt_engine* engine, int64_t bytes) {
    return unstoppable_entry(engine, "mt_limit_pool", [=](mt_engine& own) {
        MT_REQUIRE(bytes >= 0, "%lld bytes; need 0 or more", (long long)bytes);
        own.pool.limit_total(bytes);
    });
}

mt_status mt_forget_pages(mt_engine* engine, const void* memory, int64_t bytes) {
    return unstoppable_entry(engine, "mt_forget_pages", [&](mt_engine&) {
        MT_REQUIRE(memory != nullptr && bytes >= 0, "memory %p, %lld bytes; need memory and 0 or more bytes", memory,
                   (long long)bytes);
        const uintptr_t page = static_cast<uintptr_t>(sysconf(_SC_PAGESIZE));
        MT_REQUIRE(reinterpret_cast<uintptr_t>(memory) <= UINTPTR_MAX - page - static_cast<uintptr_t>(bytes),
                   "%lld bytes from %p on pass the end of the address space", (long long)bytes, memory);
        forget_pages(memory, bytes);
    });
}

}  // extern "C"
