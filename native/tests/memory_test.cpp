// Memory over time: what the pool keeps, for how long, and that nothing is lost.
#include <unistd.h>

#include <cstdio>

#include "device.h"

namespace {

struct Memory {
    int64_t live, pooled;
};

Memory memory_of(const Device& device) {
    Memory memory{};
    OK(device, mt_memory(device, &memory.live, &memory.pooled));
    return memory;
}

mt_buffer* made(const Device& device, int64_t bytes) {
    mt_buffer* buffer = nullptr;
    OK(device, mt_buffer_create(device, bytes, &buffer));
    return buffer;
}

void touch(const Device& device, mt_buffer* buffer, int64_t bytes) {
    static const std::vector<char> ones(8 << 20, 1);
    for (int64_t at = 0; at < bytes; at += int64_t(ones.size())) {
        OK(device, mt_upload(device, ones.data(), buffer, at, std::min<int64_t>(int64_t(ones.size()), bytes - at)));
    }
}

int64_t resident_bytes() {
    FILE* file = fopen("/proc/self/statm", "r");
    long size = 0, resident = 0;
    const int found = fscanf(file, "%ld %ld", &size, &resident);
    fclose(file);
    return found == 2 ? resident * sysconf(_SC_PAGESIZE) : -1;
}

}  // namespace

CLAIM("ten thousand buffers of any size leave live, pooled and resident memory as they were") {
    const Device device;
    Random random(11);
    int64_t resident = 0, pooled = 0;
    for (int round = 0; round < 12; ++round) {
        for (int i = 0; i < 1000; ++i) {
            // 0 to 2 MB, most of them small.
            const int64_t bytes = random.below(int64_t(1) << (1 + random.below(21)));
            mt_buffer* buffer = made(device, bytes);
            touch(device, buffer, bytes);
            OK(device, mt_buffer_destroy(device, buffer));
        }
        EXPECT(memory_of(device).live == 0);
        if (round == 1) {  // by now every size has been there
            resident = resident_bytes();
            pooled = memory_of(device).pooled;
        }
    }
    const int64_t more = resident_bytes() - resident, more_pooled = memory_of(device).pooled - pooled;
    // One buffer at a time: the pool can hold one of each size class at most, of which some come late.
    EXPECT_WITH(more < (4 << 20), std::to_string(more) + " more bytes are resident");
    EXPECT_WITH(more_pooled < (4 << 20), std::to_string(more_pooled) + " more bytes are pooled");
    OK(device, mt_trim(device));
    EXPECT(memory_of(device).pooled == 0);
}

CLAIM("sizes that differ by a few per cent use the same memory again") {
    const Device device;
    for (int64_t bytes = 1000000; bytes < 1030000; bytes += 1000) {
        OK(device, mt_buffer_destroy(device, made(device, bytes)));
    }
    EXPECT_WITH(memory_of(device).pooled < 1200000, std::to_string(memory_of(device).pooled));
}

CLAIM("the pool has a bound, and what was asked for long ago makes place for what comes back now") {
    const Device device;
    const int64_t old_size = 5 << 20, new_size = 7 << 20;
    std::vector<mt_buffer*> buffers;
    // More than the pool keeps on any machine: 2 GB at most. Untouched pages take no memory.
    for (int i = 0; i < 500; ++i) buffers.push_back(made(device, old_size));
    for (mt_buffer* buffer : buffers) OK(device, mt_buffer_destroy(device, buffer));
    const int64_t bound = memory_of(device).pooled;
    EXPECT_WITH(bound >= (64 << 20) && bound <= (int64_t(2) << 30), std::to_string(bound));
    mt_buffer* young = made(device, new_size);
    OK(device, mt_buffer_destroy(device, young));
    const int64_t before = memory_of(device).pooled;
    EXPECT_WITH(before < bound + old_size, std::to_string(before));
    young = made(device, new_size);
    EXPECT_WITH(memory_of(device).pooled <= before - new_size, "the young size was not kept");
    OK(device, mt_buffer_destroy(device, young));
}

CLAIM("pooled memory gives way to a limit on all memory, and is not missed before") {
    const Device device;
    OK(device, mt_limit_pool(device, 64 << 20));
    mt_buffer* large = made(device, 40 << 20);
    OK(device, mt_buffer_destroy(device, large));
    EXPECT(memory_of(device).pooled == 40 << 20);
    mt_buffer* small = made(device, 10 << 20);
    EXPECT(memory_of(device).pooled == 40 << 20);  // 50 MB together
    mt_buffer* other = made(device, 16 << 20);
    EXPECT(memory_of(device).pooled == 0);  // 66 MB would be too much
    OK(device, mt_buffer_destroy(device, small));
    EXPECT(memory_of(device).pooled == 10 << 20);
    OK(device, mt_limit_pool(device, 20 << 20));
    EXPECT(memory_of(device).pooled == 0);
    mt_buffer* beyond = made(device, 30 << 20);  // a limit of the pool refuses nothing
    OK(device, mt_buffer_destroy(device, beyond));
    EXPECT(memory_of(device).pooled == 0);
    OK(device, mt_buffer_destroy(device, other));
    EXPECT(memory_of(device).pooled == 16 << 20);
    OK(device, mt_limit_pool(device, 0));
    EXPECT(memory_of(device).pooled == 0);
    EXPECT(mt_limit_pool(device, -1) == MT_INVALID_ARGUMENT);
    EXPECT_WITH(device.error() == "mt_limit_pool: -1 bytes; need 0 or more", device.error());
}

CLAIM("what operations use while they run goes back too") {
    const Device device(1);
    Random random(12);
    Tensor x(device, {200, 600}, random.values({200, 600})), w(device, {300, 600}, random.values({300, 600}));
    Tensor packed = Tensor::packed(device, w, MT_BF16), out(device, {200, 300});
    const int64_t live = memory_of(device).live;
    int64_t pooled = 0, resident = 0;
    for (int i = 0; i < 500; ++i) {
        OK(device, mt_matmul(device, 1, x, packed, nullptr, out));
        if (i == 100) pooled = memory_of(device).pooled, resident = resident_bytes();
    }
    EXPECT(memory_of(device).live == live);
    EXPECT_WITH(memory_of(device).pooled == pooled, std::to_string(memory_of(device).pooled - pooled));
    EXPECT_WITH(resident_bytes() - resident < (2 << 20), std::to_string(resident_bytes() - resident));
}
