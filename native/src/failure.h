// The only exception of this library. It carries a status and one sentence, and never crosses the C border.
#ifndef MICROTOME_FAILURE_H
#define MICROTOME_FAILURE_H

#include <string>

#include "microtome/microtome.h"

namespace microtome {

class Failure {
public:
    Failure(mt_status status, std::string text) : status_(status), text_(std::move(text)) {}
    mt_status status() const { return status_; }
    const std::string& text() const { return text_; }

private:
    mt_status status_;
    std::string text_;
};

// Throws a Failure with a text in the manner of printf.
[[noreturn]] void fail(mt_status status, const char* format, ...) __attribute__((format(printf, 2, 3)));

// Fails with MT_INVALID_ARGUMENT unless the condition holds. The text is only made when it is needed.
#define MT_REQUIRE(condition, ...)                                             \
    do {                                                                       \
        if (!(condition)) ::microtome::fail(MT_INVALID_ARGUMENT, __VA_ARGS__); \
    } while (false)

}  // namespace microtome

#endif
