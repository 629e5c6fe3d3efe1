package microtome.cli.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import microtome.tensor.AttentionParts;
import microtome.tensor.DType;
import microtome.tensor.Engine;
import microtome.tensor.Layers;
import microtome.tensor.Op;
import microtome.tensor.Tensor;

/** What stands between the products of SmolLM2 135M: norms, softmax, gates, rotation and attention. */
final class LayerCases {
    private static final int ROWS = 1024;
    private static final int HEADS = 9;
    private static final int KEY_VALUE_HEADS = 3;
    private static final int HEAD_WIDTH = 64;
    private static final float EPSILON = 1e-5f;
    private static final double THETA = 10000;

    private LayerCases() {}

    /** Norms, softmax, gates and rotation of 1024 rows. */
    static List<OperationCase> rows(DType type) {
        var cases = new ArrayList<OperationCase>();
        for (int width : List.of(576, 1536)) {
            Map<String, Integer> numbers = Map.of("rows", ROWS, "width", width);
            cases.add(new OperationCase(
                    name("RMSNorm", type, width),
                    "rms_norm",
                    type,
                    numbers,
                    inF32(type, 2.5),
                    engine -> norm(engine, type, width)));
            cases.add(new OperationCase(
                    name("softmax", type, width),
                    "softmax",
                    type,
                    numbers,
                    inF32(type, 1.4),
                    engine -> softmax(engine, type, width)));
            cases.add(new OperationCase(
                    name("gated product", type, width),
                    "gated",
                    type,
                    numbers,
                    inF32(type, 1.6),
                    engine -> gated(engine, type, width)));
        }
        cases.add(new OperationCase(
                name("rotary", type, HEADS * HEAD_WIDTH),
                "rotary",
                type,
                Map.of("rows", ROWS, "heads", HEADS, "head_width", HEAD_WIDTH),
                inF32(type, 5),
                engine -> rotary(engine, type)));
        return cases;
    }

    /** Attention without and with its pattern. */
    static List<OperationCase> attention(DType type) {
        var cases = new ArrayList<OperationCase>();
        for (int positions : List.of(128, 1024)) {
            cases.add(new OperationCase(
                    "attention %s T=%d".formatted(type, positions),
                    "attention",
                    type,
                    heads(positions),
                    type == DType.F32 ? 1.3 : 1.9,
                    engine -> attention(engine, type, positions)));
        }
        cases.add(new OperationCase(
                "pattern kept %s T=%d".formatted(type, ROWS),
                "eager",
                type,
                heads(ROWS),
                inF32(type, 5),
                engine -> patternKept(engine, type)));
        return cases;
    }

    /** These promises were made from measurements in F32; BF16 is shown without one. */
    private static double inF32(DType type, double bound) {
        return type == DType.F32 ? bound : Double.NaN;
    }

    private static String name(String operation, DType type, int width) {
        return "%s %s %dx%d".formatted(operation, type, ROWS, width);
    }

    private static Map<String, Integer> heads(int positions) {
        return Map.of(
                "positions", positions, "heads", HEADS, "key_value_heads", KEY_VALUE_HEADS, "head_width", HEAD_WIDTH);
    }

    private static Tensor noise(Engine engine, int seed, float factor, DType type, long... extents) {
        long count = 1;
        for (long extent : extents) {
            count *= extent;
        }
        return engine.tensor(Noise.of(seed, factor, count), extents).cast(type);
    }

    private static OperationCase.Job norm(Engine engine, DType type, int width) {
        Tensor x = noise(engine, 1, 1, type, ROWS, width);
        Tensor gain = noise(engine, 2, 1, type, width).cast(DType.F32);
        return OperationCase.Job.of(width, _ -> Layers.rmsNorm(x, gain, EPSILON, type));
    }

    private static OperationCase.Job softmax(Engine engine, DType type, int width) {
        Tensor x = noise(engine, 1, 8, type, ROWS, width);
        return OperationCase.Job.of(width, _ -> x.softmax(-1));
    }

    private static OperationCase.Job gated(Engine engine, DType type, int width) {
        Tensor gate = noise(engine, 1, 4, type, ROWS, width);
        Tensor up = noise(engine, 2, 1, type, ROWS, width);
        return OperationCase.Job.of(1, _ -> Layers.gatedActivation(Op.Activation.SILU, gate, up, type));
    }

    private static OperationCase.Job rotary(Engine engine, DType type) {
        int half = HEAD_WIDTH / 2;
        Tensor x = noise(engine, 1, 1, type, 1, ROWS, HEADS * HEAD_WIDTH);
        var cosines = new float[ROWS * half];
        var sines = new float[ROWS * half];
        for (int at = 0; at < cosines.length; at++) {
            double angle = at / half * Math.pow(THETA, -(double) (at % half) / half);
            cosines[at] = (float) Math.cos(angle);
            sines[at] = (float) Math.sin(angle);
        }
        Tensor cosine = engine.tensor(cosines, ROWS, half).cast(type).cast(DType.F32); // as the peer holds them
        Tensor sine = engine.tensor(sines, ROWS, half).cast(type).cast(DType.F32);
        return OperationCase.Job.of(2, _ -> Layers.rotary(x, HEADS, cosine, sine));
    }

    private record Heads(Tensor query, Tensor key, Tensor value) {
        static Heads of(Engine engine, DType type, int positions) {
            return new Heads(
                    noise(engine, 1, 1, type, 1, positions, HEADS * HEAD_WIDTH),
                    noise(engine, 2, 1, type, 1, positions, KEY_VALUE_HEADS * HEAD_WIDTH),
                    noise(engine, 3, 1, type, 1, positions, KEY_VALUE_HEADS * HEAD_WIDTH));
        }
    }

    private static float scale() {
        return (float) (1 / Math.sqrt(HEAD_WIDTH));
    }

    private static OperationCase.Job attention(Engine engine, DType type, int positions) {
        Heads heads = Heads.of(engine, type, positions);
        return OperationCase.Job.of(
                positions, _ -> Layers.attention(heads.query, heads.key, heads.value, HEADS, KEY_VALUE_HEADS, scale()));
    }

    private static OperationCase.Job patternKept(Engine engine, DType type) {
        Heads heads = Heads.of(engine, type, ROWS);
        return OperationCase.Job.of(ROWS, _ -> {
            try (Tensor pattern = AttentionParts.pattern(heads.query, heads.key, HEADS, KEY_VALUE_HEADS, scale())) {
                return AttentionParts.mix(pattern, heads.value, KEY_VALUE_HEADS);
            }
        });
    }
}
