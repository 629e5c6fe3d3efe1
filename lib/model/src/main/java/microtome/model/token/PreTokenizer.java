package microtome.model.token;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How a byte-level tokenizer cuts a text before merging, by the name that a GGUF file gives in
 * {@code tokenizer.ggml.pre}. The file has the name only; the patterns are those of the models' own tokenizers.
 */
enum PreTokenizer {
    /** GPT-2: contractions, words, numbers, other characters and blanks, a leading blank kept with its word. */
    GPT_2(List.of("gpt-2"), "words, numbers and other characters apart (GPT-2)", Patterns.BYTES_WITH_GPT_2),
    /** Every digit apart first, then GPT-2. */
    SMOLLM(
            List.of("smollm"),
            "every digit apart, then words and other characters (GPT-2)",
            "{\"type\":\"Digits\",\"individual_digits\":true}," + Patterns.BYTES_WITH_GPT_2),
    /** Llama 3: up to three digits together, contractions in either case. */
    LLAMA_3(
            List.of("llama-bpe", "llama3", "llama-v3"),
            "words and up to three digits together (Llama 3)",
            Patterns.split(Patterns.CONTRACTIONS + Patterns.WORD + "|\\p{N}{1,3}" + Patterns.REST) + ","
                    + Patterns.BYTES),
    /** Qwen 2: every digit apart, contractions in either case. */
    QWEN_2(
            List.of("qwen2"),
            "words, every digit apart (Qwen 2)",
            Patterns.split(Patterns.CONTRACTIONS + Patterns.WORD + "|\\p{N}" + Patterns.REST) + "," + Patterns.BYTES),
    /** What llama.cpp takes for files that name none: punctuation apart, then GPT-2, then digits by three. */
    DEFAULT(
            List.of("default"),
            "punctuation apart, words, digits by three (the default of llama.cpp)",
            Patterns.split("[\\p{P}\\$\\+<=>\\^~\\|]+") + "," + Patterns.split(Patterns.GPT_2) + ","
                    + Patterns.split("\\p{N}+") + "," + Patterns.split("[0-9][0-9][0-9]") + "," + Patterns.BYTES);

    private final List<String> names;
    private final String description;
    private final String json;

    PreTokenizer(List<String> names, String description, String steps) {
        this.names = names;
        this.description = description;
        this.json = "{\"type\":\"Sequence\",\"pretokenizers\":[" + steps + "]}";
    }

    String description() {
        return description;
    }

    /** The step as {@code tokenizer.json} writes it. */
    String json() {
        return json;
    }

    /** Llama 3 takes a word that is in the vocabulary whole, even where merging would end elsewhere. */
    boolean takesWholeWords() {
        return this == LLAMA_3;
    }

    /** Whether a beginning-of-sequence token is added where the file does not say. */
    boolean addsBeginningByDefault() {
        return this == LLAMA_3;
    }

    /** Qwen's tokenizer composes accents first. */
    boolean composes() {
        return this == QWEN_2;
    }

    static Optional<PreTokenizer> named(String name) {
        return Arrays.stream(values()).filter(kind -> kind.names.contains(name)).findFirst();
    }

    static String known() {
        return Arrays.stream(values()).flatMap(kind -> kind.names.stream()).collect(Collectors.joining(", "));
    }

    /** Apart, because the constants of an enum come before its other fields. */
    private static final class Patterns {
        static final String GPT_2 =
                "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";
        static final String CONTRACTIONS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
        static final String WORD = "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+";
        static final String REST = "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
        static final String BYTES = bytes(false);
        static final String BYTES_WITH_GPT_2 = bytes(true);

        private Patterns() {}

        private static String bytes(boolean cuts) {
            return "{\"type\":\"ByteLevel\",\"add_prefix_space\":false,\"trim_offsets\":false,\"use_regex\":" + cuts
                    + "}";
        }

        static String split(String pattern) {
            return "{\"type\":\"Split\",\"pattern\":{\"Regex\":"
                    + new JsonBytes(8 * pattern.length()).string(pattern).text()
                    + "},\"behavior\":\"Isolated\",\"invert\":false}";
        }
    }
}
