// mt_sparse_encode: products of some tokens with some features at a time, each looked through while it is in the cache.
#include <algorithm>
#include <functional>
#include <memory>
#include <vector>

#include "dense.h"
#include "kernel_table.h"
#include "pack.h"
#include "parallel.h"
#include "products.h"
#include "rank.h"
#include "view.h"

using namespace microtome;

namespace {

enum : int64_t {
    kTokens = 512,  // of one round: the weights are read once per round
    kPanel = 1024,  // features of one product, at least
    kProductFloats = 512 << 10,
    kSlack = 512,            // candidates beyond the wanted ones before the worst are dropped
    kMostFeatures = 1 << 24  // places are stored as F32
};

struct Call {
    View x, weight, bias, threshold, out;
    bool largest = false, has_threshold = false;
    int64_t tokens() const { return x.extent[0]; }
    int64_t width() const { return x.extent[1]; }
    int64_t features() const { return weight.extent[0]; }
    int64_t slots() const { return out.extent[2]; }
};

void check_vector(const Call& call, const View& vector) {
    require_type(vector, {MT_F32});
    require_contiguous(vector);
    MT_REQUIRE(vector.rank == 1 && vector.extent[0] == call.features(), "%s must be [%lld]; it is %s", vector.name,
               (long long)call.features(), vector.shape().c_str());
    require_disjoint(call.out, vector);
}

void check(const Call& call) {
    require_type(call.x, {MT_F32, MT_BF16});
    require_type(call.weight, {MT_F32, MT_BF16});
    require_type(call.out, {MT_F32});
    require_rank(call.x, 2);
    require_rank(call.weight, 2);
    require_rank(call.out, 3);
    require_contiguous(call.x);
    if (call.weight.layout == MT_ROW_MAJOR) require_contiguous(call.weight);
    require_contiguous(call.out);
    MT_REQUIRE(call.weight.extent[1] == call.width(), "x %s and weight %s must have one width", call.x.shape().c_str(),
               call.weight.shape().c_str());
    MT_REQUIRE(call.features() <= kMostFeatures, "%lld features; places are numbers up to 2^24",
               (long long)call.features());
    MT_REQUIRE(call.out.extent[0] == 2 && call.out.extent[1] == call.tokens(), "out must be [2, %lld, slots]; it is %s",
               (long long)call.tokens(), call.out.shape().c_str());
    MT_REQUIRE(call.slots() >= 1 && (!call.largest || call.slots() <= call.features()),
               "%lld slots for %lld features; need 1 or more, and not more than there are features",
               (long long)call.slots(), (long long)call.features());
    check_vector(call, call.bias);
    if (call.has_threshold) check_vector(call, call.threshold);
    require_disjoint(call.out, call.x);
    require_disjoint(call.out, call.weight);
}

const float* floats(const View& view) { return reinterpret_cast<const float*>(view.data); }

// z of some tokens and some neighbouring features.
class Encoder {
public:
    Encoder(mt_engine& engine, const Call& call)
        : engine_(engine),
          call_(call),
          in_bf16_(call.x.dtype == MT_BF16 && call.weight.dtype == MT_BF16 && engine.products->multiplies_bf16()),
          bias_(engine, call.bias, MT_F32),
          z_(engine.pool, std::min<int64_t>(kTokens, call.tokens()) * panel(call) * int64_t(sizeof(float))) {}

    // Features of one product: more of them for few tokens. A multiple of the packed form's block.
    static int64_t panel(const Call& call) {
        const int64_t fit = kProductFloats / std::min<int64_t>(kTokens, call.tokens());
        return std::min(std::max<int64_t>(kPanel, fit / kBlockColumns * kBlockColumns), call.features());
    }

    // [tokens, features] of floats.
    const float* multiply(int64_t first_token, int64_t tokens, int64_t first, int64_t features) {
        float* z = z_.as<float>();
        const int64_t k = call_.width();
        if (k == 0) {
            for (int64_t t = 0; t < tokens; ++t) std::copy_n(floats(bias_.view()) + first, features, z + t * features);
            return z;
        }
        Product p;
        p.left_type = p.right_type = MT_BF16;
        p.m = tokens;
        p.n = p.out_row = features;
        p.k = p.left_row = k;
        p.addend_form = Product::kRow;
        p.right_form = packed() ? Product::kPacked : Product::kPlain;
        if (!packed()) {
            p.right_row = 1;
            p.right_column = k;
        }
        const float* bias = floats(bias_.view()) + first;
        const ProductData narrow = {call_.x.data + first_token * k * 2, stored(first), bias, z};
        if (in_bf16_ && engine_.products->multiply(engine_.pool, p, narrow)) return z;
        if (!x_) x_ = std::make_unique<Dense>(engine_, call_.x, MT_F32);
        p.left_type = MT_F32;
        p.right_type = packed() ? call_.weight.dtype : MT_F32;
        const ProductData data = {floats(x_->view()) + first_token * k, weights(first, features), bias, z};
        multiply_f32(*engine_.products, engine_.pool, p, data);
        return z;
    }

private:
    bool packed() const { return call_.weight.layout == MT_PACKED; }

    const char* stored(int64_t first) const {
        const mt_dtype type = call_.weight.dtype;
        const int64_t depth = packed() ? padded_depth(type, call_.width()) : call_.width();
        return call_.weight.data + first * depth * unit_of(type).bytes;
    }

    // In a form that multiplies with floats.
    const void* weights(int64_t first, int64_t features) {
        if (packed() || call_.weight.dtype == MT_F32) return stored(first);
        const int64_t k = call_.width();
        if (!wide_) wide_ = std::make_unique<Scratch>(engine_.pool, panel(call_) * k * int64_t(sizeof(float)));
        const char* from = stored(first);
        float* wide = wide_->as<float>();
        parallel_ranges(features, rows_per_grain(k), [&](int64_t begin, int64_t end, int) {
            kernels().to_float(MT_BF16, from + begin * k * 2, wide + begin * k, (end - begin) * k);
        });
        return wide;
    }

    mt_engine& engine_;
    const Call& call_;
    const bool in_bf16_;
    const Dense bias_;
    const Scratch z_;
    std::unique_ptr<Dense> x_;
    std::unique_ptr<Scratch> wide_;
};

// The best candidates of one token, as ranks; `limit` is the worst of the wanted ones once there are enough.
class Largest {
public:
    Largest(mt_engine& engine, const Call& call)
        : call_(call),
          room_(call.slots() + kSlack),
          ranks_(engine.pool, std::min<int64_t>(kTokens, call.tokens()) * room_ * int64_t(sizeof(int64_t))),
          tokens_(size_t(std::min<int64_t>(kTokens, call.tokens()))) {}

    void start(int64_t) { std::fill(tokens_.begin(), tokens_.end(), Token()); }

    void look(int64_t token, const float* z, int64_t first, int64_t count) {
        Token& own = tokens_[size_t(token)];
        int64_t* ranks = ranks_.as<int64_t>() + token * room_;
        int64_t at = 0;
        for (; at < count && own.count < call_.slots(); ++at) {
            ranks[own.count++] = rank_of(z[at], first + at);
            if (own.count == call_.slots()) drop(own, ranks);
        }
        int32_t places[kSlack];
        float values[kSlack];
        while (at < count) {
            const int64_t step = std::min<int64_t>(kSlack, count - at);
            const int64_t found =
                kernels().select_above(z + at, &own.limit, 0, step, step, int32_t(first + at), places, values);
            if (own.count + found > room_) drop(own, ranks);
            for (int64_t i = 0; i < found; ++i) ranks[own.count++] = rank_of(values[i], places[i]);
            if (found > 0 && own.count >= room_ - kSlack / 2) drop(own, ranks);
            at += step;
        }
    }

    void finish(int64_t token, float* places, float* values) {
        Token& own = tokens_[size_t(token)];
        int64_t* ranks = ranks_.as<int64_t>() + token * room_;
        std::partial_sort(ranks, ranks + call_.slots(), ranks + own.count, std::greater<int64_t>());
        for (int64_t i = 0; i < call_.slots(); ++i) {
            const float value = value_of(ranks[i]);
            places[i] = float(place_of(ranks[i]));
            values[i] = value < 0.0f ? 0.0f : value;  // NaN stays
        }
    }

private:
    struct Token {
        int64_t count = 0;
        float limit = 0;
    };

    void drop(Token& own, int64_t* ranks) const {
        const int64_t slots = call_.slots();
        std::nth_element(ranks, ranks + slots - 1, ranks + own.count, std::greater<int64_t>());
        own.count = slots;
        own.limit = value_of(ranks[slots - 1]);
    }

    const Call& call_;
    const int64_t room_;
    const Scratch ranks_;
    std::vector<Token> tokens_;
};

// The features above their limits, written straight to their slots.
class Active {
public:
    Active(mt_engine& engine, const Call& call)
        : call_(call),
          limits_(engine.pool, call.features() * int64_t(sizeof(float))),
          places_(engine.pool, std::min<int64_t>(kTokens, call.tokens()) * call.slots() * int64_t(sizeof(int32_t))),
          counts_(size_t(std::min<int64_t>(kTokens, call.tokens()))) {
        std::fill_n(limits_.as<float>(), call.features(), 0.0f);
        if (!call.has_threshold) return;
        const Dense threshold(engine, call.threshold, MT_F32);
        for (int64_t i = 0; i < call.features(); ++i) {
            limits_.as<float>()[i] = std::max(0.0f, floats(threshold.view())[i]);
        }
    }

    void start(int64_t first_token) {
        first_token_ = first_token;
        std::fill(counts_.begin(), counts_.end(), 0);
    }

    void look(int64_t token, const float* z, int64_t first, int64_t count) {
        const int64_t slots = call_.slots();
        int64_t& have = counts_[size_t(token)];
        const int64_t used = std::min(have, slots);
        float* values = reinterpret_cast<float*>(call_.out.data) + (call_.tokens() + first_token_ + token) * slots;
        have += kernels().select_above(z, limits_.as<float>() + first, 1, count, slots - used, int32_t(first),
                                       places_.as<int32_t>() + token * slots + used, values + used);
    }

    void finish(int64_t token, float* places, float* values) const {
        const int64_t slots = call_.slots(), used = std::min(counts_[size_t(token)], slots);
        const int32_t* found = places_.as<int32_t>() + token * slots;
        for (int64_t i = 0; i < used; ++i) places[i] = float(found[i]);
        std::fill(places + used, places + slots, 0.0f);
        std::fill(values + used, values + slots, 0.0f);
    }

    void require_room(int64_t tokens) const {
        const auto most = std::max_element(counts_.begin(), counts_.begin() + tokens);
        MT_REQUIRE(*most <= call_.slots(),
                   "token %lld has %lld active features, but there is room for %lld; allow %lld or more",
                   (long long)(first_token_ + (most - counts_.begin())), (long long)*most, (long long)call_.slots(),
                   (long long)*most);
    }

private:
    const Call& call_;
    const Scratch limits_, places_;
    std::vector<int64_t> counts_;
    int64_t first_token_ = 0;
};

template <class Choice, class After>
void encode(mt_engine& engine, const Call& call, Choice& choice, After after) {
    Encoder encoder(engine, call);
    const int64_t panel = Encoder::panel(call), slots = call.slots();
    float* out = reinterpret_cast<float*>(call.out.data);
    for (int64_t begin = 0; begin < call.tokens(); begin += kTokens) {
        const int64_t tokens = std::min<int64_t>(kTokens, call.tokens() - begin);
        choice.start(begin);
        for (int64_t first = 0; first < call.features(); first += panel) {
            const int64_t features = std::min(panel, call.features() - first);
            const float* z = encoder.multiply(begin, tokens, first, features);
            parallel_ranges(tokens, rows_per_grain(features), [&](int64_t from, int64_t to, int) {
                for (int64_t t = from; t < to; ++t) choice.look(t, z + t * features, first, features);
            });
        }
        parallel_ranges(tokens, rows_per_grain(slots), [&](int64_t from, int64_t to, int) {
            for (int64_t t = from; t < to; ++t) {
                float* places = out + (begin + t) * slots;
                choice.finish(t, places, places + call.tokens() * slots);
            }
        });
        after(tokens);
    }
}

}  // namespace

extern "C" mt_status mt_sparse_encode(mt_engine* engine, mt_choice_kind kind, const mt_tensor* x,
                                      const mt_tensor* weight, const mt_tensor* bias, const mt_tensor* threshold,
                                      const mt_tensor* out) {
    return entry(engine, "mt_sparse_encode", [&](mt_engine& own) {
        MT_REQUIRE(kind == MT_LARGEST || kind == MT_ACTIVE, "%d is not a choice; need 0 or 1", kind);
        Call call;
        call.x = read(own, x, "x");
        call.weight = read(own, weight, "weight");
        call.bias = read(own, bias, "bias");
        call.out = written(own, out, "out");
        call.largest = kind == MT_LARGEST;
        call.has_threshold = threshold != nullptr;
        MT_REQUIRE(!call.largest || !call.has_threshold, "the largest features are chosen without a threshold");
        if (call.has_threshold) call.threshold = read(own, threshold, "threshold");
        check(call);
        if (call.out.elements == 0) return;
        if (call.largest) {
            Largest choice(own, call);
            encode(own, call, choice, [](int64_t) {});
        } else {
            Active choice(own, call);
            encode(own, call, choice, [&](int64_t tokens) { choice.require_room(tokens); });
        }
    });
}
