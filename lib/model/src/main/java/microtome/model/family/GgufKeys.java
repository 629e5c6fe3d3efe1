package microtome.model.family;

import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import microtome.model.config.Dimensions;
import microtome.model.config.HeadRule;
import microtome.model.config.RotaryEmbedding;
import microtome.model.config.RotaryScaling;
import microtome.model.format.StoredTensor;
import microtome.model.format.StoredType;
import microtome.model.format.WeightFile;

/** The metadata keys that most GGUF files share, each behind the name of the architecture. */
record GgufKeys(Settings metadata, WeightFile file) {
    private static final double DEFAULT_ROTARY_BASE = 10_000;
    private static final ValueLayout.OfFloat LITTLE_ENDIAN_FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final String DIVISORS = "rope_freqs.weight";
    private static final String LONG_DIVISORS = "rope_factors_long.weight";
    private static final String SHORT_DIVISORS = "rope_factors_short.weight";
    private static final String WINDOWED = "attention.sliding_window_pattern";

    String key(String name) {
        return metadata.text("general.architecture").orElseThrow() + "." + name;
    }

    int number(String name, int otherwise) {
        return metadata.number(key(name), otherwise);
    }

    double fraction(String name, double otherwise) {
        return metadata.fraction(key(name), otherwise);
    }

    Dimensions dimensions() {
        int width = metadata.required(key("embedding_length"));
        int heads = metadata.required(key("attention.head_count"));
        return new Dimensions(
                metadata.required(key("block_count")),
                width,
                heads,
                number("attention.head_count_kv", heads),
                metadata.number(key("attention.key_length")).isPresent()
                        ? metadata.required(key("attention.key_length"))
                        : HuggingFaceKeys.evenShare(metadata.source(), width, heads),
                metadata.required(key("feed_forward_length")),
                number("vocab_size", (int)
                        file.tensor("token_embd.weight").shape().extent(0)),
                metadata.required(key("context_length")));
    }

    double rmsEpsilon() {
        return fraction("attention.layer_norm_rms_epsilon", 1e-6);
    }

    double layerEpsilon() {
        return fraction("attention.layer_norm_epsilon", 1e-5);
    }

    /** A file without a matrix for the head has the embedding for it. */
    HeadRule head() {
        return HeadRule.unembedding(!file.has("output.weight"));
    }

    /**
     * The window of every layer; 0 for none. {@code attention.sliding_window_pattern} says which layers have one: a truth
     * value for each, or a period whose last layer has none.
     */
    List<Integer> windows(int blocks, int window, IntPredicate slidesByDefault) {
        IntPredicate slides = slides(blocks, slidesByDefault);
        return IntStream.range(0, blocks)
                .mapToObj(block -> slides.test(block) ? window : 0)
                .toList();
    }

    private IntPredicate slides(int blocks, IntPredicate byDefault) {
        List<Boolean> each = metadata.flags(key(WINDOWED));
        if (!each.isEmpty() && each.size() != blocks) {
            throw new IllegalArgumentException("%s: '%s' has %d entries for %d layers"
                    .formatted(metadata.source(), key(WINDOWED), each.size(), blocks));
        }
        if (!each.isEmpty()) {
            return each::get;
        }
        int period = number(WINDOWED, 0);
        return period > 0 ? block -> (block + 1) % period != 0 : byDefault;
    }

    RotaryEmbedding rotary(int headWidth) {
        return rotary(fraction("rope.freq_base", DEFAULT_ROTARY_BASE), headWidth);
    }

    RotaryEmbedding rotary(double base, int headWidth) {
        return new RotaryEmbedding(base, number("rope.dimension_count", headWidth), scaling());
    }

    /** The converter writes no scaling type for the rules of Llama 3 and of Phi-3, but their divisors as tensors. */
    private RotaryScaling scaling() {
        if (file.has(DIVISORS)) {
            return new RotaryScaling.Divisors(divisors(DIVISORS), 1);
        }
        if (file.has(LONG_DIVISORS) && file.has(SHORT_DIVISORS)) {
            double amplitude = fraction("rope.scaling.attn_factor", 1);
            return new RotaryScaling.ByLength(
                    originalContext(),
                    new RotaryScaling.Divisors(divisors(SHORT_DIVISORS), amplitude),
                    new RotaryScaling.Divisors(divisors(LONG_DIVISORS), amplitude));
        }
        String type = metadata.text(key("rope.scaling.type")).orElse("none");
        return switch (type) {
            case "none" -> new RotaryScaling.None();
            case "linear" -> new RotaryScaling.Linear(requiredFactor());
            case "yarn" -> yarn(requiredFactor());
            default ->
                throw RotaryKeys.unknownScaling(
                        metadata,
                        type,
                        "none, linear, yarn, and divisors in tensors (" + DIVISORS + ", " + LONG_DIVISORS + ")");
        };
    }

    private RotaryScaling yarn(double factor) {
        double amplitude = fraction("rope.scaling.attn_factor", 1) * RotaryScaling.Yarn.usualAmplitude(factor);
        return new RotaryScaling.Yarn(
                factor,
                fraction("rope.scaling.yarn_beta_fast", RotaryKeys.YARN_FAST),
                fraction("rope.scaling.yarn_beta_slow", RotaryKeys.YARN_SLOW),
                originalContext(),
                true,
                amplitude);
    }

    private int originalContext() {
        return number("rope.scaling.original_context_length", metadata.required(key("context_length")));
    }

    private double requiredFactor() {
        String key = key("rope.scaling.factor");
        return metadata.number(key)
                .orElseThrow(() -> new IllegalArgumentException(
                        "%s: rotary scaling needs the key '%s'".formatted(metadata.source(), key)));
    }

    private List<Double> divisors(String name) {
        StoredTensor stored = file.tensor(name);
        if (stored.storedType() != StoredType.F32) {
            throw new IllegalArgumentException("%s: tensor %s is %s, expected F32"
                    .formatted(metadata.source(), stored.name(), stored.storedType()));
        }
        return IntStream.range(0, (int) stored.shape().elements())
                .mapToObj(i -> (double) stored.bytes().getAtIndex(LITTLE_ENDIAN_FLOAT, i))
                .toList();
    }
}
