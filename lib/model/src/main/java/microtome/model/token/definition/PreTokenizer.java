package microtome.model.token.definition;

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
    GPT_2(
            List.of("gpt-2", "phi-2", "mpt", "olmo"),
            "words, numbers and other characters apart (GPT-2)",
            Patterns.BYTES_WITH_GPT_2),
    /** Every digit apart first, then GPT-2. */
    SMOLLM(
            List.of("smollm", "starcoder", "codeshell", "refact"),
            "every digit apart, then words and other characters (GPT-2)",
            "{\"type\":\"Digits\",\"individual_digits\":true}," + Patterns.BYTES_WITH_GPT_2),
    /** Llama 3: up to three digits together, contractions in either case. */
    LLAMA_3(
            List.of("llama-bpe", "llama3", "llama-v3"),
            "words and up to three digits together (Llama 3)",
            Patterns.CL100K + "," + Patterns.BYTES),
    /** The same cuts without Llama 3's other rules; OLMo 2 has them. */
    CL100K(
            List.of("dbrx", "smaug-bpe"),
            "words and up to three digits together (cl100k)",
            Patterns.CL100K + "," + Patterns.BYTES),
    /** Qwen 2: every digit apart, contractions in either case. */
    QWEN_2(
            List.of("qwen2", "deepseek-r1-qwen"),
            "words, every digit apart (Qwen 2)",
            Patterns.split(Patterns.CONTRACTIONS + Patterns.WORD + "|\\p{N}" + Patterns.REST) + "," + Patterns.BYTES),
    /** Mistral's newer models: words also apart where a capital follows a small letter, every digit apart. */
    TEKKEN(
            List.of("tekken"),
            "words also cut before capitals, every digit apart (Mistral)",
            Patterns.split(Patterns.cased("", "\\p{N}")) + "," + Patterns.BYTES),
    /** GPT-4o: words also apart where a capital follows a small letter, up to three digits together. */
    GPT_4O(
            List.of("gpt-4o"),
            "words also cut before capitals, up to three digits together (GPT-4o)",
            Patterns.split(Patterns.cased(Patterns.CONTRACTIONS + "?", "\\p{N}{1,3}")) + "," + Patterns.BYTES),
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

    List<String> names() {
        return names;
    }

    String description() {
        return description;
    }

    /** The step as {@code tokenizer.json} writes it. */
    String json() {
        return json;
    }

    /** Some take a word that is in the vocabulary whole, even where merging would end elsewhere. */
    boolean takesWholeWords() {
        return this == LLAMA_3 || this == TEKKEN;
    }

    /** Whether a beginning-of-sequence token is added where the file does not say. */
    boolean addsBeginningByDefault() {
        return this == LLAMA_3 || this == TEKKEN;
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
        static final String CL100K = split(CONTRACTIONS + WORD + "|\\p{N}{1,3}" + REST);
        static final String BYTES = bytes(false);
        static final String BYTES_WITH_GPT_2 = bytes(true);

        private Patterns() {}

        /** Words whose capitals, if any, come first; then digits and the rest. */
        static String cased(String ending, String digits) {
            String before = "[^\\r\\n\\p{L}\\p{N}]?";
            String capitals = "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]";
            String small = "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]";
            return before + capitals + "*" + small + "+" + ending + "|" + before + capitals + "+" + small + "*" + ending
                    + "|" + digits + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
        }

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
