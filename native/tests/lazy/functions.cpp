// Engine, buffers and bytes; what computes is in operations.cpp.
#include "lazy.h"

using lazy::Engine;
using lazy::later;
using lazy::real;

#define REAL(function) real(#function, &function)

mt_status mt_engine_create(int32_t threads, mt_engine** engine) {
    mt_engine* made = nullptr;
    const mt_status status = REAL(mt_engine_create)(threads, engine == nullptr ? nullptr : &made);
    if (status == MT_OK) *engine = reinterpret_cast<mt_engine*>(new Engine(made));
    return status;
}

mt_status mt_engine_destroy(mt_engine* engine) {
    if (engine == nullptr) return REAL(mt_engine_destroy)(nullptr);
    Engine::of(engine).wait();
    const mt_status status = REAL(mt_engine_destroy)(Engine::of(engine).real());
    delete &Engine::of(engine);
    return status;
}

const char* mt_last_error(const mt_engine* engine) {
    return engine == nullptr ? REAL(mt_last_error)(nullptr) : Engine::of(engine).text().c_str();
}

mt_status mt_synchronize(mt_engine* engine) {
    Engine::of(engine).count("mt_synchronize");
    const mt_status before = Engine::of(engine).wait();
    const mt_status status = Engine::of(engine).remember(REAL(mt_synchronize)(Engine::of(engine).real()));
    return before != MT_OK ? before : status;
}

int32_t mt_abi_version(void) { return REAL(mt_abi_version)(); }

const char* mt_active_isa(void) { return REAL(mt_active_isa)(); }

// The counts so far come as one more fact.
const char* mt_describe(const mt_engine* engine) {
    static thread_local std::string text;
    text = std::string(REAL(mt_describe)(Engine::of(engine).real()));
    if (!text.empty() && text.back() != '\n') text += '\n';
    text += "put off=" + std::to_string(Engine::of(engine).put_off()) + "\ncalls=";
    for (const auto& [name, count] : Engine::of(engine).calls()) text += name + " " + std::to_string(count) + ", ";
    return text.c_str();
}

mt_status mt_buffer_create(mt_engine* engine, int64_t bytes, mt_buffer** buffer) {
    Engine& self = Engine::of(engine);
    self.count("mt_buffer_create");
    mt_buffer* made = nullptr;
    const mt_status status = self.remember(REAL(mt_buffer_create)(self.real(), bytes, &made));
    if (status == MT_OK) *buffer = self.add(made);
    return status;
}

mt_status mt_buffer_wrap(mt_engine* engine, const void* memory, int64_t bytes, mt_buffer** buffer) {
    const mt_status status = mt_buffer_create(engine, bytes, buffer);
    return status == MT_OK ? mt_upload(engine, memory, *buffer, 0, bytes) : status;
}

mt_status mt_buffer_destroy(mt_engine* engine, mt_buffer* buffer) {
    Engine& self = Engine::of(engine);
    self.count("mt_buffer_destroy");
    mt_buffer* const destroyed = self.real(buffer);
    self.remove(buffer);
    self.later([&self, destroyed] { return REAL(mt_buffer_destroy)(self.real(), destroyed); });
    return MT_OK;
}

mt_status mt_upload(mt_engine* engine, const void* source, mt_buffer* target, int64_t first_byte, int64_t bytes) {
    Engine& self = Engine::of(engine);
    self.count("mt_upload");
    const auto* first = static_cast<const uint8_t*>(source);
    auto copy = std::make_shared<std::vector<uint8_t>>(first, first + bytes);
    mt_buffer* const to = self.real(target);
    self.later([=, &self] { return REAL(mt_upload)(self.real(), copy->data(), to, first_byte, bytes); });
    return MT_OK;
}

mt_status mt_download(mt_engine* engine, const mt_buffer* source, int64_t first_byte, int64_t bytes, void* target) {
    Engine& self = Engine::of(engine);
    self.count("mt_download");
    const mt_status before = self.wait();
    if (before != MT_OK) return before;
    return self.remember(REAL(mt_download)(self.real(), self.real(source), first_byte, bytes, target));
}

mt_status mt_memory(const mt_engine* engine, int64_t* live, int64_t* pooled) {
    return Engine::of(engine).remember(REAL(mt_memory)(Engine::of(engine).real(), live, pooled));
}

// From any thread: neither counted nor put off.
mt_status mt_interrupt(mt_engine* engine) {
    return REAL(mt_interrupt)(engine == nullptr ? nullptr : Engine::of(engine).real());
}

mt_status mt_trim(mt_engine* engine) { return later("mt_trim", &mt_trim, engine); }

mt_status mt_forget_pages(mt_engine* engine, const void* memory, int64_t bytes) {
    return Engine::of(engine).remember(REAL(mt_forget_pages)(Engine::of(engine).real(), memory, bytes));
}

mt_status mt_packed_bytes(mt_engine* engine, mt_dtype dtype, int64_t n, int64_t k, int64_t* bytes) {
    return Engine::of(engine).remember(REAL(mt_packed_bytes)(Engine::of(engine).real(), dtype, n, k, bytes));
}
