package microtome.model.family;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import microtome.model.config.ActivationFunction;
import microtome.model.config.Dimensions;
import microtome.model.config.HeadRule;
import microtome.model.config.RotaryEmbedding;

/**
 * The keys that most configurations of the Hugging Face library share, in their old and new spellings.
 *
 * @param sizes those of the family's own class, where its files leave them out
 */
record HuggingFaceKeys(Settings config, Map<String, Integer> sizes) {
    private static final String SLIDING = "sliding_attention";

    HuggingFaceKeys(Settings config) {
        this(config, Map.of());
    }

    /** Sizes; a family says what a missing number of key/value heads and a missing head width mean. */
    Dimensions dimensions(int keyValueHeads, int headWidth, int context) {
        int width = required("hidden_size");
        int heads = required("num_attention_heads");
        boolean asManyKeys = keyValueHeads == 0 || config.isNull("num_key_value_heads");
        return new Dimensions(
                required("num_hidden_layers"),
                width,
                heads,
                config.number("num_key_value_heads", asManyKeys ? heads : keyValueHeads),
                headWidth("head_dim", headWidth, width, heads),
                required("intermediate_size"),
                required("vocab_size"),
                RotaryKeys.stretched(config, config.number("max_position_embeddings", context)));
    }

    /** A size that must be there, or that of the family's own class where files leave it out. */
    private int required(String key) {
        return sizes.containsKey(key) ? config.number(key, sizes.get(key)) : config.required(key);
    }

    /** A missing width of heads is the family's own, or else an equal share of the stream for every head. */
    private int headWidth(String key, int ofFamily, int width, int heads) {
        return config.number(key).isPresent()
                ? config.required(key)
                : ofFamily > 0 ? ofFamily : evenShare(config.source(), width, heads);
    }

    /** The width of heads that share the stream evenly. */
    static int evenShare(String source, int width, int heads) {
        if (heads <= 0 || width % heads != 0) {
            throw new IllegalArgumentException(
                    "%s: %d heads cannot share a width of %d evenly, and the file gives them no width of their own"
                            .formatted(source, heads, width));
        }
        return width / heads;
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

    /** The rotation of all layers. */
    RotaryEmbedding rotary(int headWidth) {
        return RotaryKeys.usual(config).rotary(headWidth);
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
}
