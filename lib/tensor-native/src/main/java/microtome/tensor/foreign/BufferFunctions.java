package microtome.tensor.foreign;

import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Buffers, and bytes in and out of them. One method per C function, for the thread that owns the engine; see {@link Status} for failures.
 */
final class BufferFunctions {
    private static final MethodHandle BUFFER_CREATE = NativeLibrary.instance().link("mt_buffer_create");
    private static final MethodHandle BUFFER_WRAP = NativeLibrary.instance().link("mt_buffer_wrap");
    private static final MethodHandle BUFFER_DESTROY = NativeLibrary.instance().link("mt_buffer_destroy");
    private static final MethodHandle UPLOAD = NativeLibrary.instance().link("mt_upload");
    private static final MethodHandle UPLOAD_HEAP =
            NativeLibrary.instance().link("mt_upload", Linker.Option.critical(true));
    private static final MethodHandle DOWNLOAD = NativeLibrary.instance().link("mt_download");
    private static final MethodHandle DOWNLOAD_HEAP =
            NativeLibrary.instance().link("mt_download", Linker.Option.critical(true));
    private static final MethodHandle FORGET_PAGES = NativeLibrary.instance().link("mt_forget_pages");

    private BufferFunctions() {}

    static void bufferCreate(MemorySegment engine, long bytes, MemorySegment buffer) {
        int status;
        try {
            status = (int) BUFFER_CREATE.invokeExact(engine, bytes, buffer);
        } catch (Throwable unexpected) {
            throw Status.thrown("mt_buffer_create", unexpected);
        }
        Status.check(engine, status, "mt_buffer_create");
    }

    static void bufferWrap(MemorySegment engine, MemorySegment memory, long bytes, MemorySegment buffer) {
        int status;
        try {
            status = (int) BUFFER_WRAP.invokeExact(engine, memory, bytes, buffer);
        } catch (Throwable unexpected) {
            throw Status.thrown("mt_buffer_wrap", unexpected);
        }
        Status.check(engine, status, "mt_buffer_wrap");
    }

    static void bufferDestroy(MemorySegment engine, MemorySegment buffer) {
        int status;
        try {
            status = (int) BUFFER_DESTROY.invokeExact(engine, buffer);
        } catch (Throwable unexpected) {
            throw Status.thrown("mt_buffer_destroy", unexpected);
        }
        Status.check(engine, status, "mt_buffer_destroy");
    }

    /** From native memory, or from a Java array, which holds off the garbage collector: few bytes at a time. */
    static void upload(MemorySegment engine, MemorySegment source, MemorySegment target, long firstByte, long bytes) {
        int status;
        try {
            status = source.isNative()
                    ? (int) UPLOAD.invokeExact(engine, source, target, firstByte, bytes)
                    : (int) UPLOAD_HEAP.invokeExact(engine, source, target, firstByte, bytes);
        } catch (Throwable unexpected) {
            throw Status.thrown("mt_upload", unexpected);
        }
        Status.check(engine, status, "mt_upload");
    }

    /** To native memory, or to a Java array, which holds off the garbage collector: few bytes at a time. */
    static void download(MemorySegment engine, MemorySegment source, long firstByte, long bytes, MemorySegment target) {
        int status;
        try {
            status = target.isNative()
                    ? (int) DOWNLOAD.invokeExact(engine, source, firstByte, bytes, target)
                    : (int) DOWNLOAD_HEAP.invokeExact(engine, source, firstByte, bytes, target);
        } catch (Throwable unexpected) {
            throw Status.thrown("mt_download", unexpected);
        }
        Status.check(engine, status, "mt_download");
    }

    static void forgetPages(MemorySegment engine, MemorySegment memory, long bytes) {
        int status;
        try {
            status = (int) FORGET_PAGES.invokeExact(engine, memory, bytes);
        } catch (Throwable unexpected) {
            throw Status.thrown("mt_forget_pages", unexpected);
        }
        Status.check(engine, status, "mt_forget_pages");
    }
}
