package microtome.model.token.definition;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import microtome.model.format.BadWeightFile;

/**
 * Lets only those steps of a {@code tokenizer.json} through to the native library that it is known to survive: the
 * library ends the whole process when, say, a template names a token that is not there.
 */
final class JsonSteps {
    /** What a field may hold; a field that is absent gets the library's own default, or its own error. */
    private enum Kind {
        FLAG("true or false"),
        FLAG_OR_NULL("true, false or null"),
        TEXT("a text"),
        FILLED_TEXT("a text that is not empty"),
        CHARACTER("one character"),
        NATURAL("a whole number >= 0"),
        ZERO("0"),
        PATTERN("{\"String\": text} or {\"Regex\": text}"),
        STRING_PATTERN("{\"String\": text}"),
        BEHAVIOR("Removed, Isolated, MergedWithPrevious, MergedWithNext or Contiguous"),
        SCHEME("always, first or never"),
        FRAMING("[token, id]"),
        CHARSMAP("a table of SentencePiece in base 64");

        private final String allowed;

        Kind(String allowed) {
            this.allowed = allowed;
        }

        boolean accepts(JsonNode value) {
            return switch (this) {
                case FLAG -> value.isBoolean();
                case FLAG_OR_NULL -> value.isBoolean() || value.isNull();
                case TEXT -> value.isTextual();
                case FILLED_TEXT -> value.isTextual() && !value.asText().isEmpty();
                case CHARACTER ->
                    value.isTextual() && value.asText().codePoints().count() == 1;
                case NATURAL -> value.isInt() && value.asInt() >= 0;
                case ZERO -> value.isInt() && value.asInt() == 0;
                case PATTERN -> isPattern(value, "Regex") || isPattern(value, "String");
                case STRING_PATTERN -> isPattern(value, "String");
                case BEHAVIOR -> BEHAVIORS.contains(value.asText());
                case SCHEME -> SCHEMES.contains(value.asText());
                case FRAMING ->
                    value.isArray()
                            && value.size() == 2
                            && value.get(0).isTextual()
                            && value.get(1).isInt();
                case CHARSMAP -> value.isTextual() && isCharsmap(value.asText());
            };
        }

        private static boolean isCharsmap(String text) {
            try {
                return Charsmap.fault(Base64.getDecoder().decode(text)).isEmpty();
            } catch (IllegalArgumentException notBase64) {
                return false;
            }
        }

        private static boolean isPattern(JsonNode value, String kind) {
            JsonNode text = value.path(kind);
            return value.isObject()
                    && value.size() == 1
                    && text.isTextual()
                    && !text.asText().isEmpty();
        }
    }

    private static final Set<String> BEHAVIORS =
            Set.of("Removed", "Isolated", "MergedWithPrevious", "MergedWithNext", "Contiguous");
    private static final Set<String> SCHEMES = Set.of("always", "first", "never");
    private static final Map<String, Kind> BYTE_LEVEL =
            Map.of("add_prefix_space", Kind.FLAG, "trim_offsets", Kind.FLAG, "use_regex", Kind.FLAG);
    private static final Map<String, Kind> METASPACE = Map.of(
            "replacement",
            Kind.CHARACTER,
            "prepend_scheme",
            Kind.SCHEME,
            "add_prefix_space",
            Kind.FLAG,
            "split",
            Kind.FLAG);
    private static final Map<String, Kind> REPLACE = Map.of("pattern", Kind.STRING_PATTERN, "content", Kind.TEXT);
    private static final Map<String, Kind> NONE = Map.of();

    private static final Map<String, Map<String, Kind>> NORMALIZERS = Map.ofEntries(
            Map.entry("NFC", NONE),
            Map.entry("NFD", NONE),
            Map.entry("NFKC", NONE),
            Map.entry("NFKD", NONE),
            Map.entry("Nmt", NONE),
            Map.entry("Lowercase", NONE),
            Map.entry("StripAccents", NONE),
            Map.entry("Strip", Map.of("strip_left", Kind.FLAG, "strip_right", Kind.FLAG)),
            Map.entry("Prepend", Map.of("prepend", Kind.FILLED_TEXT)),
            Map.entry("Replace", Map.of("pattern", Kind.PATTERN, "content", Kind.TEXT)),
            Map.entry("Precompiled", Map.of("precompiled_charsmap", Kind.CHARSMAP)),
            Map.entry(
                    "BertNormalizer",
                    Map.of(
                            "clean_text", Kind.FLAG,
                            "handle_chinese_chars", Kind.FLAG,
                            "strip_accents", Kind.FLAG_OR_NULL,
                            "lowercase", Kind.FLAG)));
    private static final Map<String, Map<String, Kind>> PRE_TOKENIZERS = Map.of(
            "ByteLevel", BYTE_LEVEL,
            "Metaspace", METASPACE,
            "Digits", Map.of("individual_digits", Kind.FLAG),
            "Split", Map.of("pattern", Kind.PATTERN, "behavior", Kind.BEHAVIOR, "invert", Kind.FLAG),
            "Punctuation", Map.of("behavior", Kind.BEHAVIOR),
            "Whitespace", NONE,
            "WhitespaceSplit", NONE,
            "BertPreTokenizer", NONE);
    private static final Map<String, Map<String, Kind>> POST_PROCESSORS = Map.of(
            "ByteLevel",
            BYTE_LEVEL,
            "TemplateProcessing",
            NONE,
            "BertProcessing",
            Map.of("sep", Kind.FRAMING, "cls", Kind.FRAMING),
            "RobertaProcessing",
            Map.of(
                    "sep", Kind.FRAMING,
                    "cls", Kind.FRAMING,
                    "trim_offsets", Kind.FLAG,
                    "add_prefix_space", Kind.FLAG));
    private static final Map<String, Map<String, Kind>> DECODERS = Map.of(
            "ByteLevel", BYTE_LEVEL,
            "Metaspace", METASPACE,
            "Replace", REPLACE,
            "ByteFallback", NONE,
            "Fuse", NONE,
            "Strip", Map.of("content", Kind.CHARACTER, "start", Kind.NATURAL, "stop", Kind.ZERO),
            "WordPiece", Map.of("prefix", Kind.TEXT, "cleanup", Kind.FLAG));

    /** The steps by their name in the file, and the name of the list inside a sequence of them. */
    private enum Role {
        NORMALIZER("normalizer", "normalizers", NORMALIZERS),
        PRE_TOKENIZER("pre_tokenizer", "pretokenizers", PRE_TOKENIZERS),
        POST_PROCESSOR("post_processor", "processors", POST_PROCESSORS),
        DECODER("decoder", "decoders", DECODERS);

        private final String key;
        private final String list;
        private final Map<String, Map<String, Kind>> known;

        Role(String key, String list, Map<String, Map<String, Kind>> known) {
            this.key = key;
            this.list = list;
            this.known = known;
        }
    }

    private final Path path;

    private final int ids;

    private JsonSteps(Path path, int ids) {
        this.path = path;
        this.ids = ids;
    }

    /** Fails unless every step is known and sound, and names only ids of the vocabulary. */
    static void check(Path path, Map<String, JsonNode> steps, int ids) {
        for (Role role : Role.values()) {
            JsonNode step = steps.get(role.key);
            if (step != null && !step.isNull()) {
                new JsonSteps(path, ids).check(role, step, role.key);
            }
        }
    }

    private void check(Role role, JsonNode step, String where) {
        String type = step.path("type").asText();
        if (type.equals("Sequence")) {
            JsonNode parts = step.path(role.list);
            if (!parts.isArray()) {
                throw bad(where, step.toString(), "a list " + role.list);
            }
            for (int index = 0; index < parts.size(); index++) {
                check(role, parts.get(index), where + " " + index);
            }
            return;
        }
        Map<String, Kind> fields = role.known.get(type);
        if (fields == null) {
            throw bad(where, "the unknown kind '" + type + "'", "Sequence, " + String.join(", ", sorted(role.known)));
        }
        fields.forEach((name, kind) -> checkField(step.get(name), kind, "%s %s %s".formatted(where, type, name)));
        if (type.equals("TemplateProcessing")) {
            checkTemplate(step, where);
        }
    }

    private static Set<String> sorted(Map<String, ?> known) {
        return new TreeSet<>(known.keySet());
    }

    private void checkField(JsonNode value, Kind kind, String where) {
        if (value == null && kind == Kind.CHARSMAP) {
            throw bad(where, "no such field", kind.allowed);
        }
        if (value != null && !kind.accepts(value)) {
            throw bad(where, value.toString(), kind.allowed);
        }
        if (value != null && kind == Kind.FRAMING) {
            checkId(value.get(1), where);
        }
    }

    private void checkId(JsonNode id, String where) {
        if (!id.isInt() || id.asInt() < 0 || id.asInt() >= ids) {
            throw bad(where, "the id " + id, "0..%d".formatted(ids - 1));
        }
    }

    /** Every special token that a template names has to be in its table, with as many ids as spellings. */
    private void checkTemplate(JsonNode step, String where) {
        JsonNode table = step.path("special_tokens");
        for (JsonNode token : table) {
            boolean sound = token.path("ids").isArray()
                    && !token.path("ids").isEmpty()
                    && token.path("ids").size() == token.path("tokens").size();
            if (!sound) {
                throw bad(where + " special_tokens", token.toString(), "as many ids as tokens, one or more");
            }
            token.path("ids").forEach(id -> checkId(id, where + " special_tokens"));
        }
        checkTemplate(step.path("single"), table, Set.of("A"), where + " single");
        checkTemplate(step.path("pair"), table, Set.of("A", "B"), where + " pair");
    }

    /** A template is a list of special tokens and of the given sequences, each once. */
    private void checkTemplate(JsonNode pieces, JsonNode table, Set<String> sequences, String where) {
        Set<String> missing = new TreeSet<>(sequences);
        for (JsonNode piece : pieces) {
            String special = piece.path("SpecialToken").path("id").asText();
            boolean known = piece.size() == 1
                    && (piece.has("SpecialToken")
                            ? table.has(special)
                            : missing.remove(piece.path("Sequence").path("id").asText()));
            if (!known) {
                throw bad(where, piece.toString(), "tokens that special_tokens lists, and each sequence once");
            }
        }
        if (!missing.isEmpty()) {
            throw bad(where, "a template without " + missing, "each sequence once");
        }
    }

    private BadWeightFile bad(String where, String found, String allowed) {
        return new BadWeightFile(
                path,
                where,
                "found " + found,
                allowed,
                "give the tokenizer.json of the model; if it is, it is of a kind" + " that is not supported yet");
    }
}
