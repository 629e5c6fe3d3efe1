package microtome.model.family;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.IntPredicate;
import microtome.model.config.ActivationFunction;
import microtome.model.config.Dimensions;
import microtome.model.config.HeadRule;
import microtome.model.config.RotaryEmbedding;
import microtome.model.config.RotaryScaling;

/** The keys that most configurations of the Hugging Face library share, in their old and new spellings. */
record HuggingFaceKeys(Settings config) {
    private static final double DEFAULT_ROTARY_BASE = 10_000;
    private static final String SLIDING = "sliding_attention";

    /** Sizes; a family says what a missing number of key/value heads and a missing head width mean. */
    Dimensions dimensions(int keyValueHeads, int headWidth, int context) {
        int width = config.required("hidden_size");
        int heads = config.required("num_attention_heads");
        return new Dimensions(
                config.required("num_hidden_layers"),
                width,
                heads,
                config.number("num_key_value_heads", keyValueHeads == 0 ? heads : keyValueHeads),
                config.number("head_dim", headWidth == 0 ? width / heads : headWidth),
                config.required("intermediate_size"),
                config.required("vocab_size"),
                config.number("max_position_embeddings", context));
    }

    double rmsEpsilon(double otherwise) {
        return config.fraction("rms_norm_eps", otherwise);
    }

    HeadRule head(boolean tiedByDefault) {
        return HeadRule.unembedding(config.flag("tie_word_embeddings").orElse(tiedByDefault));
    }

    ActivationFunction activation(String key, String otherwise) {
        return ActivationFunction.named(config.text(key).orElse(otherwise), config.source());
    }

    /** The rotation of all layers: {@code rope_parameters} of newer files, {@code rope_theta} and {@code rope_scaling} of older. */
    RotaryEmbedding rotary(int headWidth) {
        return rotary("rope_parameters.", "rope_theta", DEFAULT_ROTARY_BASE, headWidth);
    }

    /**
     * The rotation of layers of one kind.
     *
     * @param nested where newer files have its settings
     * @param oldBase the key of its base in older files
     */
    RotaryEmbedding rotary(String nested, String oldBase, double defaultBase, int headWidth) {
        boolean isNew = config.text(nested + "rope_type").isPresent()
                || config.number(nested + "rope_theta").isPresent();
        double base = config.number(nested + "rope_theta").orElse(config.fraction(oldBase, defaultBase));
        double share =
                config.number(nested + "partial_rotary_factor").orElse(config.fraction("partial_rotary_factor", 1));
        return new RotaryEmbedding(base, (int) (headWidth * share), scaling(isNew ? nested : "rope_scaling."));
    }

    RotaryScaling scaling(String prefix) {
        String type = config.text(prefix + "rope_type")
                .or(() -> config.text(prefix + "type"))
                .orElse("default");
        return switch (type) {
            case "default" -> new RotaryScaling.None();
            case "linear" -> new RotaryScaling.Linear(factor(prefix + "factor"));
            case "llama3" ->
                new RotaryScaling.Llama3(
                        factor(prefix + "factor"),
                        factor(prefix + "low_freq_factor"),
                        factor(prefix + "high_freq_factor"),
                        factor(prefix + "original_max_position_embeddings"));
            default -> throw unknownScaling(config, type);
        };
    }

    /** The window of every layer, by {@code layer_types} where the file lists them; 0 for none. */
    List<Integer> windows(int blocks, int window, IntPredicate slidesByDefault) {
        List<String> types = config.texts("layer_types");
        if (!types.isEmpty() && types.size() != blocks) {
            throw new IllegalArgumentException(
                    "%s: 'layer_types' has %d entries for %d layers".formatted(config.source(), types.size(), blocks));
        }
        var windows = new ArrayList<Integer>();
        for (int block = 0; block < blocks; block++) {
            boolean slides = types.isEmpty()
                    ? slidesByDefault.test(block)
                    : types.get(block).equals(SLIDING);
            windows.add(slides ? window : 0);
        }
        return windows;
    }

    /** The {@code sliding_window}; a missing one is the default of the family, and null is none. */
    int window(int otherwise) {
        return config.isNull("sliding_window") ? 0 : config.number("sliding_window", otherwise);
    }

    /** A window that is in use only where the file says so, and only in the layers from one on: Qwen. */
    List<Integer> usedWindows(int blocks) {
        boolean used = config.flag("use_sliding_window").orElse(false);
        int first = config.number("max_window_layers", 28);
        return used ? windows(blocks, window(4096), block -> block >= first) : Collections.nCopies(blocks, 0);
    }

    /** A cap of scores or logits; a missing one is the default of the family, and null is none. */
    float cap(String key, double otherwise) {
        return config.isNull(key) ? 0 : (float) config.fraction(key, otherwise);
    }

    private double factor(String key) {
        return config.number(key)
                .orElseThrow(() -> new IllegalArgumentException(
                        "%s: rotary scaling needs the key '%s'".formatted(config.source(), key)));
    }

    static IllegalArgumentException unknownScaling(Settings config, String type) {
        return new IllegalArgumentException(
                "%s: rotary scaling '%s' is not supported; known are default, linear, llama3"
                        .formatted(config.source(), type));
    }
}
