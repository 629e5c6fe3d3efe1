// A second implementation of the header, for tests: it counts calls and does nothing until somebody waits. What stands
// above the header must not notice. Handles are numbers, not addresses; memory that is wrapped is copied, as a device
// with memory of its own would; failures that show only when work runs are told to whoever waits for it.
#ifndef MICROTOME_LAZY_H
#define MICROTOME_LAZY_H

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "microtome/microtome.h"

namespace lazy {

// The function of this name in the library that does the work.
void* find(const char* name);

template <class Function>
Function* real(const char* name, Function*) {
    return reinterpret_cast<Function*>(find(name));
}

class Engine {
public:
    explicit Engine(mt_engine* real) : real_(real) {}

    static Engine& of(const mt_engine* handle) { return *reinterpret_cast<Engine*>(const_cast<mt_engine*>(handle)); }

    mt_engine* real() const { return real_; }
    void count(const char* name) { ++calls_[name]; }
    const std::map<std::string, int64_t>& calls() const { return calls_; }

    mt_buffer* add(mt_buffer* real);
    mt_buffer* real(const mt_buffer* handle) const;
    void remove(mt_buffer* handle) { buffers_.erase(handle); }
    size_t put_off() const { return put_off_.size(); }

    void later(std::function<mt_status()> work);
    // Does all that was put off; the first failure since the last wait is the answer, and its text the engine's.
    mt_status wait();
    // Keeps the text of a failed call of the library below.
    mt_status remember(mt_status status);
    const std::string& text() const { return text_; }

    // A tensor whose buffer is one of the library below; copied, because descriptors are read during the call only.
    std::unique_ptr<mt_tensor> translated(const mt_tensor* tensor) const;

private:
    void run();

    mt_engine* real_;
    std::map<std::string, int64_t> calls_;
    std::map<const mt_buffer*, mt_buffer*> buffers_;
    uintptr_t next_ = 1;
    std::vector<std::function<mt_status()>> put_off_;
    mt_status failure_ = MT_OK;
    std::string text_;
};

template <class T>
T captured(const Engine&, T value) {
    return value;
}
inline std::shared_ptr<mt_tensor> captured(const Engine& engine, const mt_tensor* tensor) {
    return engine.translated(tensor);
}
template <class T>
T argument(T value) {
    return value;
}
inline const mt_tensor* argument(const std::shared_ptr<mt_tensor>& tensor) { return tensor.get(); }

// Queues a call of the function of this name and type.
template <class... Declared, class... Given>
mt_status later(const char* name, mt_status (*type)(mt_engine*, Declared...), mt_engine* handle, Given... given) {
    Engine& engine = Engine::of(handle);
    engine.count(name);
    auto* function = real(name, type);
    auto arguments = std::make_tuple(captured(engine, static_cast<Declared>(given))...);
    engine.later([&engine, function, arguments] {
        return std::apply([&](const auto&... each) { return function(engine.real(), argument(each)...); }, arguments);
    });
    return MT_OK;
}

}  // namespace lazy

#endif
