package microtome.tensor.foreign;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import microtome.tensor.BackendException;
import microtome.tensor.OutOfMemory;

/**
 * How C functions end: a status never leaves as a number. Loading this class, or one of the {@code ...Functions}, needs the
 * native library: ask {@link NativeLibrary#isLoaded()} first.
 */
final class Status {
    private static final int OK = 0;
    private static final int OUT_OF_MEMORY = 3;
    private static final int INTERRUPTED = 5;
    private static final MethodHandle LAST_ERROR = NativeLibrary.instance().link("mt_last_error");

    private Status() {}

    /** A status other than OK becomes an exception with the engine's text, without the name of the C function. */
    static void check(MemorySegment engine, int status, String function) {
        if (status == OK) {
            return;
        }
        var text = lastError(engine);
        int end = text.startsWith("mt_") ? text.indexOf(": ") : -1;
        if (end < 0) {
            throw failure(status, text);
        }
        var reason = text.substring(end + 2);
        if (!text.startsWith(function + ": ")) {
            throw new LateFailure(text.substring(0, end), reason);
        }
        throw failure(status, reason);
    }

    private static RuntimeException failure(int status, String reason) {
        return switch (status) {
            case OUT_OF_MEMORY -> new OutOfMemory(reason);
            case INTERRUPTED -> new StoppedException(reason);
            default -> new BackendException(reason);
        };
    }

    /** What a call itself throws: a closed arena or a thread that may not see it is passed on, anything else is a fault. */
    static RuntimeException thrown(String function, Throwable unexpected) {
        if (unexpected instanceof IllegalStateException || unexpected instanceof WrongThreadException) {
            return new BackendException(function + ": " + unexpected.getMessage(), unexpected);
        }
        throw new AssertionError(function + " must not throw into Java", unexpected);
    }

    static String lastError(MemorySegment engine) {
        try {
            return text((MemorySegment) LAST_ERROR.invokeExact(engine));
        } catch (Throwable unexpected) {
            throw thrown("mt_last_error", unexpected);
        }
    }

    /** A text that C ended with a zero byte. */
    @SuppressWarnings("restricted")
    static String text(MemorySegment terminated) {
        return terminated.reinterpret(Long.MAX_VALUE).getString(0);
    }
}
