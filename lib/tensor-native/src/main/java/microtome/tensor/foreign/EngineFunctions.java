package microtome.tensor.foreign;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * The engine itself: making it, waiting for it, what it says about itself. One method per C function, for the thread that owns the engine; see {@link Status} for failures.
 */
final class EngineFunctions {
    private static final MethodHandle ENGINE_CREATE = NativeLibrary.instance().link("mt_engine_create");
    private static final MethodHandle ENGINE_DESTROY = NativeLibrary.instance().link("mt_engine_destroy");
    private static final MethodHandle SYNCHRONIZE = NativeLibrary.instance().link("mt_synchronize");
    private static final MethodHandle INTERRUPT = NativeLibrary.instance().link("mt_interrupt");
    private static final MethodHandle ABI_VERSION = NativeLibrary.instance().link("mt_abi_version");
    private static final MethodHandle ACTIVE_ISA = NativeLibrary.instance().link("mt_active_isa");
    private static final MethodHandle DESCRIBE = NativeLibrary.instance().link("mt_describe");
    private static final MethodHandle MEMORY = NativeLibrary.instance().link("mt_memory");
    private static final MethodHandle LIMIT_POOL = NativeLibrary.instance().link("mt_limit_pool");
    private static final MethodHandle ARITHMETIC_PEAK = NativeLibrary.instance().link("mt_arithmetic_peak");
    private static final MethodHandle TRIM = NativeLibrary.instance().link("mt_trim");

    private EngineFunctions() {}

    static void engineCreate(int threads, MemorySegment engine) {
        int status;
        try {
            status = (int) ENGINE_CREATE.invokeExact(threads, engine);
        } catch (Throwable unexpected) {
            throw Status.thrown("mt_engine_create", unexpected);
        }
        Status.check(MemorySegment.NULL, status, "mt_engine_create");
    }

    static void engineDestroy(MemorySegment engine) {
        int status;
        try {
            status = (int) ENGINE_DESTROY.invokeExact(engine);
        } catch (Throwable unexpected) {
            throw Status.thrown("mt_engine_destroy", unexpected);
        }
        Status.check(MemorySegment.NULL, status, "mt_engine_destroy");
    }

    static void synchronize(MemorySegment engine) {
        int status;
        try {
            status = (int) SYNCHRONIZE.invokeExact(engine);
        } catch (Throwable unexpected) {
            throw Status.thrown("mt_synchronize", unexpected);
        }
        Status.check(engine, status, "mt_synchronize");
    }

    /** For any thread; does nothing when the engine is gone. */
    static void interrupt(MemorySegment engine) {
        try {
            int _ = (int) INTERRUPT.invokeExact(engine);
        } catch (Throwable unexpected) {
            throw Status.thrown("mt_interrupt", unexpected);
        }
    }

    static int abiVersion() {
        try {
            return (int) ABI_VERSION.invokeExact();
        } catch (Throwable unexpected) {
            throw Status.thrown("mt_abi_version", unexpected);
        }
    }

    static String activeIsa() {
        try {
            return Status.text((MemorySegment) ACTIVE_ISA.invokeExact());
        } catch (Throwable unexpected) {
            throw Status.thrown("mt_active_isa", unexpected);
        }
    }

    static String describe(MemorySegment engine) {
        try {
            return Status.text((MemorySegment) DESCRIBE.invokeExact(engine));
        } catch (Throwable unexpected) {
            throw Status.thrown("mt_describe", unexpected);
        }
    }

    static void memory(MemorySegment engine, MemorySegment live, MemorySegment pooled) {
        int status;
        try {
            status = (int) MEMORY.invokeExact(engine, live, pooled);
        } catch (Throwable unexpected) {
            throw Status.thrown("mt_memory", unexpected);
        }
        Status.check(engine, status, "mt_memory");
    }

    static void limitPool(MemorySegment engine, long bytes) {
        int status;
        try {
            status = (int) LIMIT_POOL.invokeExact(engine, bytes);
        } catch (Throwable unexpected) {
            throw Status.thrown("mt_limit_pool", unexpected);
        }
        Status.check(engine, status, "mt_limit_pool");
    }

    static void arithmeticPeak(MemorySegment engine, int type, long rounds, MemorySegment operations) {
        int status;
        try {
            status = (int) ARITHMETIC_PEAK.invokeExact(engine, type, rounds, operations);
        } catch (Throwable unexpected) {
            throw Status.thrown("mt_arithmetic_peak", unexpected);
        }
        Status.check(engine, status, "mt_arithmetic_peak");
    }

    static void trim(MemorySegment engine) {
        int status;
        try {
            status = (int) TRIM.invokeExact(engine);
        } catch (Throwable unexpected) {
            throw Status.thrown("mt_trim", unexpected);
        }
        Status.check(engine, status, "mt_trim");
    }
}
