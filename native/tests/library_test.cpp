// What the matrix library below does wrong, and that we do not fall for it. Own copies of products.cpp and pool.cpp: the
// class is hidden in ours.
#include "products.h"

#include <cstring>

#include <oneapi/dnnl/dnnl.hpp>

#include "device.h"

using namespace microtome;

namespace {

Product product_of(mt_dtype left, mt_dtype right, Product::Form form, int64_t m) {
    Product p;
    p.left_type = left;
    p.right_type = right;
    p.right_form = form;
    p.m = m;
    p.k = p.n = p.left_row = p.out_row = 64;
    p.right_row = 1;
    p.right_column = 64;
    return p;
}

// What the library would use for the same, left to itself.
std::string implementation(dnnl::memory::data_type left, dnnl::memory::data_type right) {
    using dnnl::memory;
    const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
    const memory::desc a({128, 64}, left, memory::format_tag::ab), b({64, 64}, right, memory::format_tag::ba);
    const memory::desc c({128, 64}, memory::data_type::f32, memory::format_tag::ab);
    dnnl::matmul::primitive_desc chosen(engine, a, b, c, dnnl::primitive_attr(), /*allow_empty=*/true);
    return chosen ? chosen.impl_info_str() : "nothing";
}

}  // namespace

CLAIM("a product for which the library has only its reference kernel is not left to the library") {
    // Without AVX2 and more there are no kernels for mixed types: the library offers its reference, a hundred times slower.
    dnnl::set_max_cpu_isa(dnnl::cpu_isa::sse41);
    const std::string offered = implementation(dnnl::memory::data_type::f32, dnnl::memory::data_type::bf16);
    EXPECT_WITH(offered.rfind("ref", 0) == 0, offered);
    ProductLibrary library;
    Pool pool(1 << 20);
    EXPECT(!library.multiplies_bf16());
    std::vector<float> left(128 * 64, 1.0f), right(64 * 64, 1.0f), out(128 * 64, -7.0f);
    for (const mt_dtype type : {MT_F32, MT_BF16}) {
        const Product p = product_of(type, MT_BF16, Product::kPlain, 128);
        EXPECT(!library.multiply(pool, p, {left.data(), right.data(), nullptr, out.data()}));
        for (const float value : out) EXPECT(value == -7.0f);
    }
    EXPECT(library.multiply(pool, product_of(MT_F32, MT_F32, Product::kPlain, 128),
                            {left.data(), right.data(), nullptr, out.data()}));
    for (const float value : out) EXPECT(value == 64.0f);
}
