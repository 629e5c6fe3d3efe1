// Engines, buffers, memory, texts.
#include <fcntl.h>
#include <omp.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <vector>

#include "device.h"
#include "mapping.h"

static bool contains(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

CLAIM("the contract has version 1 and a lane that MT_ISA_CAP bounds") {
    EXPECT(mt_abi_version() == MT_ABI_VERSION);
    const std::string lane = mt_active_isa();
    EXPECT(lane == "x86-64-v2" || lane == "x86-64-v3" || lane == "x86-64-v4");
    const char* cap = getenv("MT_ISA_CAP");
    if (cap != nullptr) EXPECT_WITH(lane <= cap, lane);
    const Device device;
    const std::string description = mt_describe(device);
    for (const char* key : {"processor=", "lane=", "threads=", "matrix_library=oneDNN 3.", "bf16_products="}) {
        EXPECT_WITH(contains(description, key), description);
    }
    if (lane != "x86-64-v4") EXPECT_WITH(contains(description, "bf16_products=in f32"), description);
}

CLAIM("an engine refuses a negative number of threads and says what is allowed") {
    mt_engine* engine = reinterpret_cast<mt_engine*>(1);
    EXPECT(mt_engine_create(-1, &engine) == MT_INVALID_ARGUMENT);
    EXPECT(engine == nullptr);
    EXPECT_WITH(contains(mt_last_error(nullptr), "-1 threads; need 0"), mt_last_error(nullptr));
    EXPECT(mt_engine_create(1, nullptr) == MT_INVALID_ARGUMENT);
}

CLAIM("0 threads means one per available processor") {
    const Device device(0);
    EXPECT_WITH(omp_get_max_threads() == std::min(omp_get_num_procs(), omp_get_thread_limit()),
                std::to_string(omp_get_max_threads()));
}

CLAIM("a destroyed, foreign or null engine gives a status") {
    mt_engine* engine = nullptr;
    EXPECT(mt_engine_create(1, &engine) == MT_OK);
    EXPECT(mt_engine_destroy(engine) == MT_OK);
    EXPECT(mt_engine_destroy(engine) == MT_INVALID_ARGUMENT);
    EXPECT(mt_synchronize(engine) == MT_INVALID_ARGUMENT);
    EXPECT_WITH(contains(mt_last_error(engine), "mt_synchronize: this is not a living engine"), mt_last_error(engine));
    EXPECT(mt_synchronize(nullptr) == MT_INVALID_ARGUMENT);
    EXPECT(mt_engine_destroy(nullptr) == MT_INVALID_ARGUMENT);
    EXPECT(mt_describe(engine) != nullptr);
}

CLAIM("an entry from inside a parallel region is refused") {
    const Device device;
    mt_status status = MT_OK;
#pragma omp parallel num_threads(2)
#pragma omp master
    status = mt_synchronize(device);
    if (omp_get_thread_limit() > 1) EXPECT(status == MT_INVALID_ARGUMENT);
}

CLAIM("a buffer keeps its bytes, knows its bounds and is counted") {
    const Device device;
    int64_t live = -1, pooled = -1;
    mt_buffer* buffer = nullptr;
    OK(device, mt_buffer_create(device, 1000, &buffer));
    OK(device, mt_memory(device, &live, &pooled));
    EXPECT(live == 1000 && pooled == 0);
    char out[1000], in[1000];
    for (int i = 0; i < 1000; ++i) in[i] = char(i * 7);
    OK(device, mt_upload(device, in, buffer, 0, 1000));
    OK(device, mt_download(device, buffer, 3, 997, out));
    EXPECT(memcmp(out, in + 3, 997) == 0);
    EXPECT(mt_download(device, buffer, 4, 997, out) == MT_INVALID_ARGUMENT);
    EXPECT_WITH(contains(device.error(), "997 bytes from byte 4 on do not lie inside a buffer of 1000 bytes"),
                device.error());
    EXPECT(mt_upload(device, in, buffer, -1, 1) == MT_INVALID_ARGUMENT);
    EXPECT(mt_upload(device, in, buffer, INT64_MAX, INT64_MAX) == MT_INVALID_ARGUMENT);
    EXPECT(mt_upload(device, in, buffer, 0, -1) == MT_INVALID_ARGUMENT);
    EXPECT(mt_upload(device, nullptr, buffer, 0, 1) == MT_INVALID_ARGUMENT);
    OK(device, mt_buffer_destroy(device, buffer));
    OK(device, mt_memory(device, &live, &pooled));
    EXPECT(live == 0 && pooled >= 1000);
    OK(device, mt_trim(device));
    OK(device, mt_memory(device, &live, &pooled));
    EXPECT(pooled == 0);
    EXPECT(mt_buffer_destroy(device, buffer) == MT_INVALID_ARGUMENT);
    EXPECT(mt_download(device, buffer, 0, 1, out) == MT_INVALID_ARGUMENT);
    OK(device, mt_buffer_destroy(device, nullptr));
}

CLAIM("a buffer of no bytes is allowed") {
    const Device device;
    mt_buffer* buffer = nullptr;
    OK(device, mt_buffer_create(device, 0, &buffer));
    OK(device, mt_upload(device, nullptr, buffer, 0, 0));
    OK(device, mt_buffer_destroy(device, buffer));
    OK(device, mt_buffer_wrap(device, nullptr, 0, &buffer));
    OK(device, mt_buffer_destroy(device, buffer));
}

CLAIM("too much memory is a status that says who holds what") {
    const Device device;
    mt_buffer* buffer = nullptr;
    EXPECT(mt_buffer_create(device, int64_t(1) << 60, &buffer) == MT_OUT_OF_MEMORY);
    EXPECT_WITH(contains(device.error(), "no memory for 1152921504606846976 bytes; 0 bytes live in 0 buffers"),
                device.error());
    EXPECT(mt_buffer_create(device, INT64_MAX, &buffer) == MT_OUT_OF_MEMORY);
    EXPECT(mt_buffer_create(device, -5, &buffer) == MT_INVALID_ARGUMENT);
    EXPECT(buffer == nullptr);
}

CLAIM("memory that is given back is used again") {
    const Device device;
    int64_t live = 0, pooled = 0, first = 0;
    for (int round = 0; round < 50; ++round) {
        mt_buffer* buffers[3];
        const int64_t sizes[] = {5000, 3 << 20, 9 << 20};
        for (int i = 0; i < 3; ++i) OK(device, mt_buffer_create(device, sizes[i], &buffers[i]));
        for (mt_buffer* buffer : buffers) OK(device, mt_buffer_destroy(device, buffer));
        OK(device, mt_memory(device, &live, &pooled));
        if (round == 0) first = pooled;
        EXPECT(pooled == first && live == 0);
    }
}

CLAIM("wrapped memory can be read and not written") {
    const Device device;
    const float numbers[4] = {1, 2, 3, 4};
    mt_buffer* wrapped = nullptr;
    OK(device, mt_buffer_wrap(device, numbers, sizeof numbers, &wrapped));
    float out[4];
    OK(device, mt_download(device, wrapped, 0, 16, out));
    EXPECT(memcmp(out, numbers, 16) == 0);
    EXPECT(mt_upload(device, numbers, wrapped, 0, 4) == MT_INVALID_ARGUMENT);
    mt_tensor tensor = {};
    tensor.buffer = wrapped;
    set_shape(tensor, {4});
    EXPECT(mt_fill(device, 0, &tensor) == MT_INVALID_ARGUMENT);
    EXPECT_WITH(contains(device.error(), "mt_fill: out lies in wrapped memory, which is read only"), device.error());
    OK(device, mt_buffer_destroy(device, wrapped));
    EXPECT(mt_buffer_wrap(device, nullptr, 4, &wrapped) == MT_INVALID_ARGUMENT);
    EXPECT(mt_buffer_wrap(device, numbers, -4, &wrapped) == MT_INVALID_ARGUMENT);
}

CLAIM("buffers of another engine are unknown") {
    const Device device, other;
    Tensor here(device, {4}), there(other, {4});
    EXPECT(mt_copy(device, there, here) == MT_INVALID_ARGUMENT);
    EXPECT_WITH(contains(device.error(), "mt_copy: in: its buffer is not a living buffer of this engine"),
                device.error());
}

// The list of mappings knows the memory, and the kernel's answer, where it gives one, is the same.
static void expect_mapping(const void* memory, size_t bytes, bool writable, bool of_file) {
    const uintptr_t address = reinterpret_cast<uintptr_t>(memory);
    const auto listed = microtome::mapping_by_list(address), asked = microtome::mapping_by_query(address);
    EXPECT(listed.has_value());
    if (!listed) return;
    EXPECT(listed->first <= address && address + bytes <= listed->last);
    EXPECT(listed->writable == writable && (listed->inode != 0) == of_file);
    if (!asked) return;
    EXPECT(asked->first == listed->first && asked->last == listed->last);
    EXPECT(asked->writable == listed->writable && asked->inode == listed->inode);
}

CLAIM("forgotten pages of a mapped file read the same again; other memory is left alone") {
    const Device device;
    char path[] = "/tmp/microtome-test-XXXXXX";
    const int file = mkstemp(path);
    const size_t size = 1 << 20;
    std::string content(size, '\0');
    for (size_t i = 0; i < size; ++i) content[i] = char(i * 31 >> 3);
    EXPECT(write(file, content.data(), size) == ssize_t(size));
    void* mapped = mmap(nullptr, size, PROT_READ, MAP_SHARED, file, 0);
    EXPECT(mapped != MAP_FAILED);
    expect_mapping(mapped, size, false, true);
    OK(device, mt_forget_pages(device, static_cast<char*>(mapped) + 5, int64_t(size) - 9));
    EXPECT(memcmp(mapped, content.data(), size) == 0);
    OK(device, mt_forget_pages(device, mapped, int64_t(size)));
    EXPECT(memcmp(mapped, content.data(), size) == 0);
    munmap(mapped, size);
    close(file);
    unlink(path);
    std::string own(1 << 20, 'x');
    expect_mapping(own.data(), 1, true, false);
    OK(device, mt_forget_pages(device, own.data(), int64_t(own.size())));
    EXPECT(own == std::string(1 << 20, 'x'));
    EXPECT(mt_forget_pages(device, nullptr, 4) == MT_INVALID_ARGUMENT);
    EXPECT(mt_forget_pages(device, own.data(), -1) == MT_INVALID_ARGUMENT);
}

CLAIM("nothing is mapped at address 0") { EXPECT(!microtome::mapping_by_list(0) && !microtome::mapping_by_query(0)); }

CLAIM("packing a weight gives back the pages of the mapped file it lies in") {
    const Device device;
    char path[] = "/tmp/microtome-test-XXXXXX";
    const int file = mkstemp(path);
    const int64_t rows = 1000, columns = 4096;  // 16 MB: read in several pieces, the last one shorter
    const size_t size = size_t(rows * columns) * sizeof(float);
    std::vector<float> content(size_t(rows * columns), 0.5f);
    EXPECT(write(file, content.data(), size) == ssize_t(size));
    void* mapped = mmap(nullptr, size, PROT_READ, MAP_SHARED, file, 0);
    EXPECT(mapped != MAP_FAILED);
    EXPECT(memcmp(mapped, content.data(), size) == 0);
    mt_buffer* wrapped;
    mt_buffer* target;
    int64_t packed_bytes;
    OK(device, mt_buffer_wrap(device, mapped, int64_t(size), &wrapped));
    OK(device, mt_packed_bytes(device, MT_F32, rows, columns, &packed_bytes));
    OK(device, mt_buffer_create(device, packed_bytes, &target));
    const mt_tensor weight = {wrapped, 0, MT_F32, MT_ROW_MAJOR, 2, 0, {rows, columns}, {columns, 1}};
    const mt_tensor packed = {target, 0, MT_F32, MT_PACKED, 2, 0, {rows, columns}, {columns, 1}};
    OK(device, mt_pack(device, &weight, &packed));
    // mincore would tell of the page cache; what this process has mapped stands in smaps.
    std::ifstream maps("/proc/self/smaps");
    char start[32];
    snprintf(start, sizeof start, "%zx-", size_t(reinterpret_cast<uintptr_t>(mapped)));
    long resident = -1;
    bool here = false;
    for (std::string line; resident < 0 && std::getline(maps, line);) {
        here = here || line.rfind(start, 0) == 0;
        if (here && line.rfind("Rss:", 0) == 0) resident = atol(line.c_str() + 4);
    }
    EXPECT_WITH(resident == 0, std::to_string(resident) + " KiB of the file are resident");
    OK(device, mt_buffer_destroy(device, target));
    OK(device, mt_buffer_destroy(device, wrapped));
    munmap(mapped, size);
    close(file);
    unlink(path);
}

CLAIM("every fault of a descriptor has a text of its own") {
    const Device device;
    Tensor out(device, {2, 3});
    struct Case {
        const char* text;
        void (*spoil)(mt_tensor&);
    };
    const Case cases[] = {
        {"out has type number 99", [](mt_tensor& t) { t.dtype = 99; }},
        {"out has layout number 7", [](mt_tensor& t) { t.layout = 7; }},
        {"out has rank 9; need 0 to 8", [](mt_tensor& t) { t.rank = 9; }},
        {"out has rank -1", [](mt_tensor& t) { t.rank = -1; }},
        {"the reserved field is 4", [](mt_tensor& t) { t.reserved = 4; }},
        {"out has offset -2", [](mt_tensor& t) { t.offset = -2; }},
        {"out has extent -3 on axis 1", [](mt_tensor& t) { t.extent[1] = -3; }},
        {"more elements than a 64-bit number", [](mt_tensor& t) { t.extent[0] = t.extent[1] = int64_t(1) << 40; }},
        {"reaches outside its buffer of 24 bytes", [](mt_tensor& t) { t.offset = 1; }},
        {"reaches outside its buffer of 24 bytes", [](mt_tensor& t) { t.stride[0] = INT64_MAX; }},
        {"reaches outside its buffer of 24 bytes", [](mt_tensor& t) { t.stride[0] = -3; }},
        {"is not contiguous; copy it with mt_copy first", [](mt_tensor& t) { t.stride[0] = 0; }},
        {"out is packed",
         [](mt_tensor& t) {
             t.layout = MT_PACKED;
             t.extent[0] = 0;
         }},
        {"needs 4096 bytes, its buffer has 24", [](mt_tensor& t) { t.layout = MT_PACKED; }},
        {"out has type Q4_0; allowed: F32, BF16, F16, F64, I32",
         [](mt_tensor& t) {
             t.dtype = MT_Q4_0;
             t.extent[0] = 1;
             t.extent[1] = t.stride[0] = 32;
         }},
        {"must be multiples of the block, 32", [](mt_tensor& t) { t.dtype = MT_Q4_0; }},
        {"its buffer is not a living buffer", [](mt_tensor& t) { t.buffer = nullptr; }},
    };
    for (const Case& each : cases) {
        mt_tensor spoilt = out.view;
        each.spoil(spoilt);
        EXPECT_WITH(mt_fill(device, 1, &spoilt) == MT_INVALID_ARGUMENT, each.text);
        EXPECT_WITH(contains(device.error(), each.text), device.error());
    }
    EXPECT(mt_fill(device, 1, nullptr) == MT_INVALID_ARGUMENT);
    EXPECT_WITH(contains(device.error(), "mt_fill: out is NULL"), device.error());
    for (const uint8_t byte : out.bytes()) EXPECT(byte == 0xa5);
}

CLAIM("the peak of arithmetic counts what every thread does, in F32 and where there is BF16 in that") {
    for (const int threads : {1, 2}) {
        const Device device(threads);
        int64_t once = 0, often = 0;
        OK(device, mt_arithmetic_peak(device, MT_F32, 1, &once));
        EXPECT(once > 0 && once % (2 * std::min(threads, omp_get_thread_limit())) == 0);
        OK(device, mt_arithmetic_peak(device, MT_F32, 1000, &often));
        EXPECT(often == 1000 * once);
        const bool native = contains(mt_describe(device), "bf16_products=native");
        EXPECT(mt_arithmetic_peak(device, MT_BF16, 1, &often) == (native ? MT_OK : MT_UNSUPPORTED));
        EXPECT(mt_arithmetic_peak(device, MT_F16, 1, &often) == MT_INVALID_ARGUMENT);
        EXPECT(mt_arithmetic_peak(device, MT_F32, -1, &often) == MT_INVALID_ARGUMENT);
        EXPECT(mt_arithmetic_peak(device, MT_F32, 1, nullptr) == MT_INVALID_ARGUMENT);
        OK(device, mt_arithmetic_peak(device, MT_F32, 0, &often));
        EXPECT(often == 0);
    }
}
