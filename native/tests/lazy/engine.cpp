// What is put off, and what handles stand for.
#include <dlfcn.h>

#include "lazy.h"

namespace lazy {
namespace {

// More work than this is not put off, so that memory of dropped tensors comes back.
constexpr size_t kPatience = 256;

// The library of the folder above this one.
void* library() {
    static void* const handle = [] {
        Dl_info self;
        dladdr(reinterpret_cast<void*>(&find), &self);
        std::string path = self.dli_fname;
        path.resize(path.rfind('/'));
        return dlopen((path + "/../libmicrotome.so").c_str(), RTLD_NOW | RTLD_LOCAL);
    }();
    return handle;
}

}  // namespace

void* find(const char* name) { return dlsym(library(), name); }

mt_buffer* Engine::add(mt_buffer* real) {
    auto* handle = reinterpret_cast<mt_buffer*>(next_);
    next_ += 2;
    buffers_[handle] = real;
    return handle;
}

mt_buffer* Engine::real(const mt_buffer* handle) const {
    const auto found = buffers_.find(handle);
    return found == buffers_.end() ? nullptr : found->second;
}

std::unique_ptr<mt_tensor> Engine::translated(const mt_tensor* tensor) const {
    if (tensor == nullptr) return nullptr;
    auto copy = std::make_unique<mt_tensor>(*tensor);
    copy->buffer = real(tensor->buffer);
    return copy;
}

mt_status Engine::remember(mt_status status) {
    if (status != MT_OK) text_ = lazy::real("mt_last_error", &mt_last_error)(real_);
    return status;
}

void Engine::later(std::function<mt_status()> work) {
    put_off_.push_back(std::move(work));
    if (put_off_.size() > kPatience) run();
}

mt_status Engine::wait() {
    run();
    return std::exchange(failure_, MT_OK);
}

void Engine::run() {
    std::vector<std::function<mt_status()>> work;
    work.swap(put_off_);
    for (const auto& each : work) {
        const mt_status status = each();
        if (status != MT_OK && failure_ == MT_OK) failure_ = remember(status);
    }
}

}  // namespace lazy
