#include "view.h"

#include <string.h>

#include <algorithm>

#include "pack.h"

namespace microtome {
namespace {

struct TypeRow {
    mt_dtype dtype;
    const char* name;
    Unit unit;
};

constexpr TypeRow kTypes[] = {
    {MT_F32, "F32", {1, 4}},       {MT_F16, "F16", {1, 2}},       {MT_BF16, "BF16", {1, 2}},
    {MT_F64, "F64", {1, 8}},       {MT_I32, "I32", {1, 4}},       {MT_Q4_0, "Q4_0", {32, 18}},
    {MT_Q4_1, "Q4_1", {32, 20}},   {MT_Q5_0, "Q5_0", {32, 22}},   {MT_Q5_1, "Q5_1", {32, 24}},
    {MT_Q8_0, "Q8_0", {32, 34}},   {MT_Q4_K, "Q4_K", {256, 144}}, {MT_Q5_K, "Q5_K", {256, 176}},
    {MT_Q6_K, "Q6_K", {256, 210}},
};

const TypeRow* find_type(mt_dtype dtype) {
    for (const TypeRow& row : kTypes) {
        if (row.dtype == dtype) return &row;
    }
    return nullptr;
}

void copy_header(const mt_tensor& tensor, View& view) {
    MT_REQUIRE(find_type(tensor.dtype) != nullptr, "%s has type number %d, which the header does not list", view.name,
               tensor.dtype);
    MT_REQUIRE(tensor.layout == MT_ROW_MAJOR || tensor.layout == MT_PACKED, "%s has layout number %d; need 0 or 1",
               view.name, tensor.layout);
    MT_REQUIRE(tensor.rank >= 0 && tensor.rank <= MT_MAX_RANK, "%s has rank %d; need 0 to %d", view.name, tensor.rank,
               MT_MAX_RANK);
    MT_REQUIRE(tensor.reserved == 0, "%s: the reserved field is %d; need 0", view.name, tensor.reserved);
    MT_REQUIRE(tensor.offset >= 0, "%s has offset %lld; need 0 or more", view.name, (long long)tensor.offset);
    view.dtype = tensor.dtype;
    view.layout = tensor.layout;
    view.rank = tensor.rank;
    std::copy_n(tensor.extent, tensor.rank, view.extent);
    std::copy_n(tensor.stride, tensor.rank, view.stride);
}

void count_elements(View& view) {
    bool empty = false;
    for (int i = 0; i < view.rank; ++i) {
        MT_REQUIRE(view.extent[i] >= 0, "%s has extent %lld on axis %d; need 0 or more", view.name,
                   (long long)view.extent[i], i);
        empty = empty || view.extent[i] == 0;
    }
    view.elements = empty ? 0 : 1;
    for (int i = 0; i < view.rank && !empty; ++i) {
        MT_REQUIRE(!__builtin_mul_overflow(view.elements, view.extent[i], &view.elements),
                   "%s %s has more elements than a 64-bit number counts", view.name, view.shape().c_str());
    }
}

// Blocks lie along the last axis and cannot be cut.
void check_blocks(const View& view, int64_t offset) {
    const long long block = unit_of(view.dtype).elements;
    if (block == 1) return;
    MT_REQUIRE(view.rank > 0 && view.width() % block == 0 && offset % block == 0,
               "%s %s of %s at offset %lld: its last axis and offset must be multiples of the block, %lld", view.name,
               view.shape().c_str(), name_of(view.dtype), (long long)offset, block);
    for (int i = 0; i < view.rank; ++i) {
        if (view.extent[i] < 2) continue;
        const bool fine = i == view.rank - 1 ? view.stride[i] == 1 : view.stride[i] % block == 0;
        MT_REQUIRE(fine, "%s of %s has stride %lld on axis %d; need 1 on the last axis and multiples of %lld elsewhere",
                   view.name, name_of(view.dtype), (long long)view.stride[i], i, block);
    }
}

// Every element of the view lies inside the buffer; fills in the range of bytes.
void place(const mt_buffer& buffer, int64_t offset, View& view) {
    const Unit unit = unit_of(view.dtype);
    view.data = view.elements == 0 ? nullptr : buffer.memory;
    if (view.elements == 0) return;
    int64_t low = offset, high = offset;
    bool overflow = false;
    for (int i = 0; i < view.rank; ++i) {
        int64_t reach;
        overflow |= __builtin_mul_overflow(view.extent[i] - 1, view.stride[i], &reach);
        overflow |= __builtin_add_overflow(reach < 0 ? low : high, reach, reach < 0 ? &low : &high);
    }
    const int64_t units = buffer.bytes / unit.bytes;
    const bool inside = !overflow && low >= 0 && high / unit.elements < units;
    MT_REQUIRE(inside, "%s %s of %s at offset %lld reaches outside its buffer of %lld bytes", view.name,
               view.shape().c_str(), name_of(view.dtype), (long long)offset, (long long)buffer.bytes);
    view.data = buffer.memory + offset / unit.elements * unit.bytes;
    view.first_byte = buffer.memory + low / unit.elements * unit.bytes;
    view.last_byte = buffer.memory + (high / unit.elements + 1) * unit.bytes;
}

void place_packed(const mt_buffer& buffer, int64_t offset, View& view) {
    MT_REQUIRE(view.rank == 2 && offset == 0 && (view.dtype == MT_F32 || view.dtype == MT_BF16),
               "%s: a packed tensor has rank 2, offset 0 and type F32 or BF16; got rank %d, offset %lld, %s", view.name,
               view.rank, (long long)offset, name_of(view.dtype));
    const int64_t bytes = packed_bytes(view.dtype, view.extent[0], view.extent[1]);
    MT_REQUIRE(bytes <= buffer.bytes, "%s: packed %s of %s needs %lld bytes, its buffer has %lld", view.name,
               view.shape().c_str(), name_of(view.dtype), (long long)bytes, (long long)buffer.bytes);
    view.data = buffer.memory;
    view.first_byte = buffer.memory;
    view.last_byte = buffer.memory + bytes;
}

}  // namespace

Unit unit_of(mt_dtype dtype) {
    const TypeRow* row = find_type(dtype);
    return row == nullptr ? Unit{1, 1} : row->unit;
}

bool is_block_type(mt_dtype dtype) { return unit_of(dtype).elements > 1; }

const char* name_of(mt_dtype dtype) {
    const TypeRow* row = find_type(dtype);
    return row == nullptr ? "an unknown type" : row->name;
}

bool View::contiguous() const {
    if (elements == 0) return true;
    int64_t expected = 1;
    for (int i = rank - 1; i >= 0; --i) {
        if (extent[i] != 1 && stride[i] != expected) return false;
        expected *= extent[i];
    }
    return true;
}

bool View::same_shape(const View& other) const {
    return rank == other.rank && std::equal(extent, extent + rank, other.extent);
}

std::string View::shape() const {
    std::string text = "[";
    for (int i = 0; i < rank; ++i) text += (i == 0 ? "" : ", ") + std::to_string(extent[i]);
    return text + "]";
}

const void* View::row(int64_t index) const {
    const Unit unit = unit_of(dtype);
    return data + index * (width() / unit.elements) * unit.bytes;
}

View read(const mt_engine& engine, const mt_tensor* tensor, const char* name) {
    MT_REQUIRE(tensor != nullptr, "%s is NULL", name);
    View view;
    view.name = name;
    copy_header(*tensor, view);
    const auto found = engine.buffers.find(tensor->buffer);
    MT_REQUIRE(found != engine.buffers.end(), "%s: its buffer is not a living buffer of this engine", name);
    count_elements(view);
    if (view.layout == MT_PACKED) {
        place_packed(*found->second, tensor->offset, view);
    } else {
        check_blocks(view, tensor->offset);
        place(*found->second, tensor->offset, view);
    }
    return view;
}

View written(const mt_engine& engine, const mt_tensor* tensor, const char* name) {
    const View view = read(engine, tensor, name);
    MT_REQUIRE(!engine.buffers.find(tensor->buffer)->second->wrapped,
               "%s lies in wrapped memory, which is read only; write to a buffer of mt_buffer_create", name);
    return view;
}

void require_type(const View& view, std::initializer_list<mt_dtype> allowed) {
    if (std::find(allowed.begin(), allowed.end(), view.dtype) != allowed.end()) return;
    std::string names;
    for (const mt_dtype dtype : allowed) names += (names.empty() ? "" : ", ") + std::string(name_of(dtype));
    fail(MT_INVALID_ARGUMENT, "%s has type %s; allowed: %s", view.name, name_of(view.dtype), names.c_str());
}

void require_rank(const View& view, int rank) {
    MT_REQUIRE(view.rank == rank, "%s %s has rank %d; need %d", view.name, view.shape().c_str(), view.rank, rank);
}

void require_row_major(const View& view) {
    MT_REQUIRE(view.layout == MT_ROW_MAJOR, "%s is packed; only the right operand of mt_matmul may be", view.name);
}

void require_contiguous(const View& view) {
    require_row_major(view);
    MT_REQUIRE(view.contiguous(), "%s %s is not contiguous; copy it with mt_copy first", view.name,
               view.shape().c_str());
}

void require_same_shape(const View& left, const View& right) {
    MT_REQUIRE(left.same_shape(right), "%s %s and %s %s must have one shape", left.name, left.shape().c_str(),
               right.name, right.shape().c_str());
}

void require_same_type(const View& left, const View& right) {
    MT_REQUIRE(left.dtype == right.dtype, "%s is %s and %s is %s; need one type", left.name, name_of(left.dtype),
               right.name, name_of(right.dtype));
}

void require_disjoint(const View& out, const View& in, bool in_place) {
    if (out.elements == 0 || in.elements == 0) return;
    if (out.last_byte <= in.first_byte || in.last_byte <= out.first_byte) return;
    const bool same = in_place && out.data == in.data && out.dtype == in.dtype && in.contiguous();
    MT_REQUIRE(same, "%s and %s share memory%s", out.name, in.name,
               in_place ? "; in place they must be the same contiguous elements of one type" : "");
}

Aligned::Aligned(mt_engine& engine, const View& view)
    : copy_(engine.pool, reinterpret_cast<uintptr_t>(view.data) % static_cast<uintptr_t>(unit_of(view.dtype).bytes) == 0
                             ? 0
                             : view.last_byte - view.first_byte),
      data_(view.data) {
    char* copy = copy_.as<char>();
    if (copy == nullptr) return;
    memcpy(copy, view.first_byte, static_cast<size_t>(view.last_byte - view.first_byte));
    data_ = copy + (view.data - view.first_byte);
}

int64_t product_of_extents(const View& view, int first_axis, int last_axis) {
    int64_t product = 1;
    for (int i = first_axis; i < last_axis; ++i) product *= view.extent[i];
    return product;
}

}  // namespace microtome
