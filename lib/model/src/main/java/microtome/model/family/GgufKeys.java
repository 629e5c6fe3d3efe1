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
                number("attention.key_length", width / heads),
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

    /** The window of every layer; 0 for none. */
    List<Integer> windows(int blocks, int window, IntPredicate slides) {
        return IntStream.range(0, blocks)
                .mapToObj(block -> slides.test(block) ? window : 0)
                .toList();
    }

    RotaryEmbedding rotary(int headWidth) {
        return rotary(fraction("rope.freq_base", DEFAULT_ROTARY_BASE), headWidth);
    }

    RotaryEmbedding rotary(double base, int headWidth) {
        return new RotaryEmbedding(base, number("rope.dimension_count", headWidth), scaling());
    }

    /** The converter writes no scaling type for the Llama 3 rule, but its divisors as a tensor. */
    private RotaryScaling scaling() {
        if (file.has(DIVISORS)) {
            return new RotaryScaling.Divisors(divisors(file.tensor(DIVISORS)));
        }
        String type = metadata.text(key("rope.scaling.type")).orElse("none");
        return switch (type) {
            case "none" -> new RotaryScaling.None();
            case "linear" -> new RotaryScaling.Linear(requiredFactor());
            default -> throw HuggingFaceKeys.unknownScaling(metadata, type);
        };
    }

    private double requiredFactor() {
        String key = key("rope.scaling.factor");
        return metadata.number(key)
                .orElseThrow(() -> new IllegalArgumentException(
                        "%s: rotary scaling needs the key '%s'".formatted(metadata.source(), key)));
    }

    private static float[] divisors(StoredTensor stored) {
        if (stored.storedType() != StoredType.F32) {
            throw new IllegalArgumentException(
                    "tensor %s is %s, expected F32".formatted(stored.name(), stored.storedType()));
        }
        var values = new float[(int) stored.shape().elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = stored.bytes().getAtIndex(LITTLE_ENDIAN_FLOAT, i);
        }
        return values;
    }
}
