#include "failure.h"

#include <stdarg.h>
#include <stdio.h>

namespace microtome {

void fail(mt_status status, const char* format, ...) {
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    throw Failure(status, text);
}

}  // namespace microtome
