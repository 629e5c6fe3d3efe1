package microtome.model.token.definition;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import microtome.model.format.BadWeightFile;
import microtome.model.format.ConfigFile;

/**
 * BERT's tokenizer from the list of its pieces, {@code vocab.txt}, one a line, the number of the line being the id, and
 * from {@code tokenizer_config.json} beside it, which says how a text is prepared.
 */
final class VocabularyFile {
    static final String NAME = "vocab.txt";
    private static final String RULE = "tokenizer_config.json tokenizer_class = BertTokenizer";
    private static final String SETTINGS = "tokenizer_config.json";
    private static final int MOST_PIECES = 1 << 24;

    private final Path path;
    private final List<String> pieces;
    private final Map<String, Integer> ids = new HashMap<>();
    private final JsonNode settings;

    private VocabularyFile(Path path, String text) {
        this.path = path;
        this.pieces = pieces(text);
        for (int id = 0; id < pieces.size(); id++) {
            ids.put(pieces.get(id), id);
        }
        Path config = path.resolveSibling(SETTINGS);
        this.settings = Files.isRegularFile(config) ? ConfigFile.read(config).root() : MissingNode.getInstance();
    }

    static TokenizerDefinition read(Path path, String text) {
        return new VocabularyFile(path, text).definition();
    }

    private List<String> pieces(String text) {
        List<String> lines = new ArrayList<>(text.lines().toList());
        if (lines.size() > MOST_PIECES || lines.isEmpty()) {
            throw bad("lines", lines.size() + " pieces", "1.." + MOST_PIECES);
        }
        return lines;
    }

    private TokenizerDefinition definition() {
        if (!settings.path("do_basic_tokenize").asBoolean(true)) {
            throw bad(
                    SETTINGS + " do_basic_tokenize",
                    "false",
                    "true, so that words are cut before pieces are looked for");
        }
        String unknown = special("unk_token", "[UNK]");
        int beginning = required(special("cls_token", "[CLS]"));
        int end = required(special("sep_token", "[SEP]"));
        required(unknown);
        WordPieceRules rules = rules();
        List<AddedToken> added = added();
        TokenizerDefinition.Frame frame =
                new TokenizerDefinition.Frame(OptionalInt.of(beginning), OptionalInt.of(end), RULE, RULE);
        AddedTokens table = new AddedTokens(added);
        DefinitionJson json = new WordPieceJson(pieces, unknown, rules);
        return new TokenizerDefinition(
                path,
                withSpecialTokens -> json.text(withSpecialTokens, added, frame),
                new TokenizerDefinition.Entries(
                        new ListedVocabulary(pieces),
                        Pieces.WORD_PIECE,
                        table,
                        () -> List.of(
                                "WordPiece, %,d tokens (%s)".formatted(pieces.size(), NAME),
                                rules.description(SETTINGS),
                                "adds '%s' before and '%s' behind a text (%s)"
                                        .formatted(pieces.get(beginning), pieces.get(end), RULE),
                                table.rule())),
                frame,
                TokenizerSettings.beside(path).template());
    }

    private WordPieceRules rules() {
        JsonNode accents = settings.path("strip_accents");
        return new WordPieceRules(
                settings.path("do_lower_case").asBoolean(true),
                accents.isBoolean() ? accents.asBoolean() : null,
                settings.path("tokenize_chinese_chars").asBoolean(true));
    }

    /** The special tokens that the vocabulary has, each once. */
    private List<AddedToken> added() {
        Set<String> contents = new LinkedHashSet<>();
        contents.add(special("unk_token", "[UNK]"));
        contents.add(special("sep_token", "[SEP]"));
        contents.add(special("pad_token", "[PAD]"));
        contents.add(special("cls_token", "[CLS]"));
        contents.add(special("mask_token", "[MASK]"));
        settings.path("additional_special_tokens").forEach(token -> contents.add(TokenizerSettings.token(token)));
        return contents.stream()
                .filter(ids::containsKey)
                .map(content -> new AddedToken(ids.get(content), content, true))
                .toList();
    }

    private String special(String key, String otherwise) {
        String named = TokenizerSettings.token(settings.path(key));
        return named == null ? otherwise : named;
    }

    private int required(String piece) {
        Integer id = ids.get(piece);
        if (id == null) {
            throw bad("vocabulary", "no piece '" + piece + "'", "the vocab.txt of a BERT tokenizer, which has it");
        }
        return id;
    }

    private BadWeightFile bad(String where, String found, String allowed) {
        return new BadWeightFile(
                path,
                where,
                "found " + found,
                allowed,
                "give the vocab.txt and " + SETTINGS + " of one model, or its tokenizer.json");
    }
}
