#include "products.h"

#include <string.h>

#include <oneapi/dnnl/dnnl.hpp>
#include <unordered_map>

#include "kernel_table.h"
#include "pack.h"
#include "parallel.h"

namespace microtome {
namespace {

using dnnl::memory;
using Dims = memory::dims;

static_assert(sizeof(Product) % sizeof(uint64_t) == 0 && sizeof(Product) == 8 * (3 + 3 + 4 * MT_MAX_RANK + 4),
              "a Product is compared and hashed as a row of words and must have no padding");

struct HashProduct {
    size_t operator()(const Product& product) const {
        uint64_t words[sizeof(Product) / sizeof(uint64_t)];
        memcpy(words, &product, sizeof words);
        uint64_t hash = 14695981039346656037u;
        for (const uint64_t word : words) hash = (hash ^ word ^ (word >> 32)) * 1099511628211u;
        return static_cast<size_t>(hash ^ (hash >> 29));
    }
};

struct EqualProduct {
    bool operator()(const Product& a, const Product& b) const { return memcmp(&a, &b, sizeof a) == 0; }
};

struct Kernel {
    dnnl::primitive primitive;  // empty when only the reference implementation exists
    memory left, right, addend, out, scratchpad;
    int64_t scratchpad_bytes = 0;
};

memory::data_type type_of(mt_dtype dtype) {
    return dtype == MT_BF16 ? memory::data_type::bf16 : memory::data_type::f32;
}

// Extents of one matrix with its batch axes; an axis of stride 0 has extent 1, which the library broadcasts.
memory::desc describe(const Product& p, mt_dtype dtype, const int64_t* batch_stride, Dims matrix, Dims matrix_strides) {
    Dims extents, strides;
    for (int i = 0; i < p.axes; ++i) {
        const bool broadcast = batch_stride[i] == 0;
        extents.push_back(broadcast ? 1 : p.batch[i]);
        strides.push_back(broadcast ? matrix[0] * matrix[1] : batch_stride[i]);
    }
    extents.insert(extents.end(), matrix.begin(), matrix.end());
    strides.insert(strides.end(), matrix_strides.begin(), matrix_strides.end());
    return memory::desc(extents, type_of(dtype), strides);
}

memory::desc packed_desc(const Product& p) {
    const auto tag = p.right_type == MT_BF16 ? memory::format_tag::BA16a64b2a : memory::format_tag::BA16a64b;
    memory::desc weight({p.k, p.n}, type_of(p.right_type), tag);
    if (p.axes == 0) return weight;
    Dims extents(static_cast<size_t>(p.axes), 1);
    extents.insert(extents.end(), {p.k, p.n});
    return weight.reshape(extents);
}

memory::desc addend_desc(const Product& p, const memory::desc& out) {
    if (p.addend_form == Product::kFull) return out;
    Dims extents(static_cast<size_t>(p.axes) + 1, 1), strides(static_cast<size_t>(p.axes) + 1, p.n);
    extents.push_back(p.n);
    strides.push_back(1);
    return memory::desc(extents, type_of(p.out_type), strides);
}

bool is_reference(const char* implementation) { return strncmp(implementation, "ref", 3) == 0; }

Kernel compile(const dnnl::engine& engine, const Product& p) {
    const memory::desc left = describe(p, p.left_type, p.left_batch, {p.m, p.k}, {p.left_row, 1});
    const memory::desc right = p.right_form == Product::kPacked ? packed_desc(p)
                                                                : describe(p, p.right_type, p.right_batch, {p.k, p.n},
                                                                           {p.right_row, p.right_column});
    const memory::desc out = describe(p, p.out_type, p.out_batch, {p.m, p.n}, {p.out_row, 1});
    dnnl::primitive_attr attributes;
    attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
    memory::desc addend;
    if (p.addend_form != Product::kNone) {
        addend = addend_desc(p, out);
        dnnl::post_ops add;
        add.append_binary(dnnl::algorithm::binary_add, addend);
        attributes.set_post_ops(add);
    }
    const dnnl::matmul::primitive_desc chosen(engine, left, right, out, attributes, /*allow_empty=*/true);
    Kernel kernel;
    if (!chosen || is_reference(chosen.impl_info_str())) return kernel;
    kernel.primitive = dnnl::matmul(chosen);
    kernel.left = memory(left, engine, nullptr);
    kernel.right = memory(right, engine, nullptr);
    kernel.out = memory(out, engine, nullptr);
    if (p.addend_form != Product::kNone) kernel.addend = memory(addend, engine, nullptr);
    kernel.scratchpad = memory(chosen.scratchpad_desc(), engine, nullptr);
    kernel.scratchpad_bytes = static_cast<int64_t>(chosen.scratchpad_desc().get_size());
    return kernel;
}

// A description that the library cannot express counts as a product that it cannot compute.
Kernel compile_or_nothing(const dnnl::engine& engine, const Product& product) {
    try {
        return compile(engine, product);
    } catch (const dnnl::error& error) {
        if (error.status == dnnl_out_of_memory) throw;
        return {};
    }
}

bool is_compiled(const Kernel& kernel) { return kernel.primitive.get(true) != nullptr; }

// Enough for the shapes of many prompt lengths; the library's own cache, of the same size, makes a second compilation
// cheap.
constexpr size_t kMostKernels = 1024;

}  // namespace

void Product::add_batch(int64_t extent, int64_t left, int64_t right, int64_t out) {
    if (extent == 1) return;
    batch[axes] = extent;
    left_batch[axes] = left;
    right_batch[axes] = right;
    out_batch[axes] = out;
    ++axes;
}

int64_t Product::batches() const {
    int64_t count = 1;
    for (int i = 0; i < axes; ++i) count *= batch[i];
    return count;
}

struct ProductLibrary::State {
    dnnl::engine engine{dnnl::engine::kind::cpu, 0};
    dnnl::stream stream{engine};
    std::unordered_map<Product, Kernel, HashProduct, EqualProduct> kernels;
    bool bf16 = false;
};

ProductLibrary::ProductLibrary() : state_(std::make_unique<State>()) {
    Product probe;
    probe.left_type = probe.right_type = MT_BF16;
    probe.right_form = Product::kPacked;
    probe.m = 128;
    probe.k = probe.n = probe.left_row = probe.out_row = 64;
    state_->bf16 = is_compiled(compile_or_nothing(state_->engine, probe));
}

ProductLibrary::~ProductLibrary() = default;

bool ProductLibrary::multiplies_bf16() const { return state_->bf16; }

bool ProductLibrary::multiply_at_once(Pool& pool, const Product& product, const ProductData& data) {
    auto found = state_->kernels.find(product);
    if (found == state_->kernels.end()) {
        if (state_->kernels.size() >= kMostKernels) state_->kernels.clear();
        found = state_->kernels.emplace(product, compile_or_nothing(state_->engine, product)).first;
    }
    Kernel& kernel = found->second;
    if (!is_compiled(kernel)) return false;
    const Scratch scratchpad(pool, kernel.scratchpad_bytes);
    kernel.left.set_data_handle(const_cast<void*>(data.left));
    kernel.right.set_data_handle(const_cast<void*>(data.right));
    kernel.out.set_data_handle(data.out);
    kernel.scratchpad.set_data_handle(scratchpad.as<void>());
    std::unordered_map<int, memory> arguments = {{DNNL_ARG_SRC, kernel.left},
                                                 {DNNL_ARG_WEIGHTS, kernel.right},
                                                 {DNNL_ARG_DST, kernel.out},
                                                 {DNNL_ARG_SCRATCHPAD, kernel.scratchpad}};
    if (product.addend_form != Product::kNone) {
        kernel.addend.set_data_handle(const_cast<void*>(data.addend));
        arguments.emplace(DNNL_ARG_ATTR_MULTIPLE_POST_OP(0) | DNNL_ARG_SRC_1, kernel.addend);
    }
    kernel.primitive.execute(state_->stream, arguments);
    return true;
}

}  // namespace microtome
