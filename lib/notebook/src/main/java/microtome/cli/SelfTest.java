package microtome.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import microtome.tensor.DType;
import microtome.tensor.Engine;

/**
 * Two seconds on the best backend: whether its products are right, and how fast it computes and reads beside what this
 * machine can do at most, both measured in the same seconds.
 *
 * @see <a href="https://doi.org/10.1145/1498765.1498785">Williams, Waterman and Patterson 2009: Roofline</a>
 */
final class SelfTest {
    private static final double GIGA = 1e9;
    private static final double LOW = 0.6;
    private static final String SLOW = "reference";
    private static final String WRONG_FIX =
            "trust no number of this machine until this is well: run environment/verify native, "
                    + "try again with MT_ISA_CAP=x86-64-v3 in the environment, and report what both say together with this table; "
                    + "Engine.open(\"reference\") computes without the native library";

    private final Engine engine;
    private final Speeds speeds;
    private final List<Finding> findings = new ArrayList<>();

    private SelfTest(Engine engine) {
        this.engine = engine;
        this.speeds = new Speeds(engine);
    }

    static List<Finding> of(Engine engine) {
        var test = new SelfTest(engine);
        test.run();
        return List.copyOf(test.findings);
    }

    private void run() {
        if (engine.device().backend().equals(SLOW)) {
            products(DType.F32, "right; not timed, since this backend is made for checking, not for speed");
            return;
        }
        OptionalDouble peak = products(DType.F32, OptionalDouble.empty());
        products(DType.BF16, peak);
        double oneRow = speeds.oneRow();
        double bandwidth = Math.max(speeds.reading(), oneRow);
        findings.add(Finding.ok(
                "self-test memory",
                "one row times F32 weights reads %s, the speed of reading alone"
                        .formatted(share(oneRow, bandwidth, "GB/s"))));
        peak.ifPresent(most -> findings.add(Finding.ok("self-test ridge", ridge(most, bandwidth))));
    }

    /** Measures the limit before and after, since a busy machine may hide it once; gives it. */
    private OptionalDouble products(DType type, OptionalDouble floatPeak) {
        OptionalDouble before = engine.arithmeticPeak(type);
        double found = speeds.products(type);
        OptionalDouble after = engine.arithmeticPeak(type);
        if (before.isPresent()) {
            OptionalDouble peak = OptionalDouble.of(Math.max(before.getAsDouble(), after.getAsDouble()));
            products(type, speed(found, peak) + tiles(type));
            return peak;
        }
        products(
                type,
                speed(found, floatPeak)
                        + (floatPeak.isPresent() ? "; %s is computed in F32 here".formatted(type) : ""));
        return floatPeak;
    }

    private static String tiles(DType type) {
        boolean tiled =
                type == DType.BF16 && Processor.ofThisMachine().features().contains("amx_bf16");
        return tiled ? "; the limit is that of vector units, tile units (AMX) may pass it" : "";
    }

    private void products(DType type, String speed) {
        findings.add(judged(type, ProductCheck.error(engine, type), speed));
    }

    /** A speed is worth printing only when the result is right. */
    static Finding judged(DType type, double error, String speed) {
        String what = "self-test " + type + " products";
        return error <= 1
                ? Finding.ok(what, speed)
                : Finding.needed(
                        what,
                        "WRONG: an element of a product is off by %.3g times what rounding explains".formatted(error),
                        WRONG_FIX);
    }

    static String speed(double found, OptionalDouble peak) {
        return peak.isPresent()
                ? share(found, peak.getAsDouble(), "GFLOP/s")
                : "%.0f GFLOP/s; this backend cannot tell the machine's limit".formatted(found / GIGA);
    }

    private static String share(double found, double most, String unit) {
        return "%.0f %s of %.0f (%.0f %%)%s"
                .formatted(
                        found / GIGA,
                        unit,
                        most / GIGA,
                        100 * found / most,
                        found < LOW * most ? "; is another program busy?" : "");
    }

    /** Below so many operations per byte memory is the limit, above it arithmetic; a row of F32 does one per two bytes. */
    static String ridge(double peak, double bandwidth) {
        double operations = peak / bandwidth;
        return "%.1f operations per byte: products of up to %.0f rows of F32 wait for memory, larger ones for arithmetic"
                .formatted(operations, Math.floor(operations * Float.BYTES / 2));
    }
}
