package microtome.model.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import microtome.model.format.BadWeightFile;
import microtome.model.format.GgufBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** BERT's tokenizer where there is no tokenizer.json: from a plain vocabulary, and from GGUF. */
class WordPieceFilesTest {
    static final List<String> PIECES = List.of(
            "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "cafe", "Cafe", "café", "##s", "un", "##able", "京", ",", "i",
            "[", "]", "mask");

    @TempDir
    private Path folder;

    private Tokenizer vocabulary(String settings) throws IOException {
        Files.write(folder.resolve("vocab.txt"), PIECES);
        if (settings != null) {
            Files.writeString(folder.resolve("tokenizer_config.json"), settings);
        }
        return Tokenizer.open(folder);
    }

    private static List<String> texts(Tokenizer tokenizer, String text) {
        return tokenizer.encode(text).tokens().stream().map(Token::text).toList();
    }

    @Test
    void theSettingsBesideAVocabularySayHowATextIsPrepared() throws IOException {
        assertThat(texts(vocabulary(null), "Cafés,京京")).containsExactly("[CLS]", "cafe", "s", ",", "京", "京", "[SEP]");
        assertThat(texts(vocabulary("{\"do_lower_case\":false}"), "Cafe café"))
                .containsExactly("[CLS]", "Cafe", "café", "[SEP]");
        assertThat(texts(vocabulary("{\"strip_accents\":false}"), "Cafe Café"))
                .containsExactly("[CLS]", "cafe", "café", "[SEP]");
        assertThat(texts(vocabulary("{\"tokenize_chinese_chars\":false}"), "京京"))
                .containsExactly("[CLS]", "[UNK]", "[SEP]");
        assertThat(texts(vocabulary("{\"cls_token\":{\"content\":\"[MASK]\"}}"), ","))
                .startsWith("[MASK]");
    }

    @Test
    void everyTokenSaysWhereItLiesAndWhichRuleAddedIt() throws IOException {
        TokenSequence tokens = vocabulary(null).encode("CAFÉS 京x,");
        assertThat(tokens.places())
                .containsExactly(
                        new Place(0, 0),
                        new Place(0, 5),
                        new Place(5, 6),
                        new Place(7, 10),
                        new Place(10, 11),
                        new Place(11, 12),
                        new Place(12, 12));
        assertThat(tokens.token(0).rule()).isEqualTo("tokenizer_config.json tokenizer_class = BertTokenizer");
        assertThat(tokens.token(4).text()).isEqualTo("[UNK]");
        assertThat(vocabulary(null).rules())
                .contains(
                        "words and punctuation apart, lower-cased, accents stripped, every ideograph apart (tokenizer_config.json)",
                        "adds '[CLS]' before and '[SEP]' behind a text (tokenizer_config.json tokenizer_class = BertTokenizer)");
    }

    @Test
    void aTextThatTheTokenizerChangesIsShownTheTokenThatItBecomes() throws IOException {
        Tokenizer tokenizer = vocabulary(null);
        assertThatThrownBy(() -> tokenizer.idOf(" Cafe"))
                .hasMessage("' Cafe' is not the text of a token, this tokenizer makes it 'cafe'; give that");
        assertThat(tokenizer.idOf("cafe")).isEqualTo(5);
    }

    @Test
    void specialTokensAreReadOnlyWhenAsked() throws IOException {
        Tokenizer tokenizer = vocabulary(null);
        assertThat(texts(tokenizer, "[MASK]")).containsExactly("[CLS]", "[", "mask", "]", "[SEP]");
        assertThat(tokenizer.encode("[MASK]", SpecialTokens.PARSE).ids()).containsExactly(2, 4, 3);
    }

    @Test
    void aVocabularyThatIsNoneIsRefused() throws IOException {
        Path path = Files.writeString(folder.resolve("vocab.txt"), "a\nb\n");
        assertThatThrownBy(() -> Tokenizer.open(path))
                .isInstanceOf(BadWeightFile.class)
                .hasMessageContaining("no piece '[CLS]'");
        Files.writeString(path, "");
        assertThatThrownBy(() -> Tokenizer.open(path)).hasMessageContaining("0 pieces");
        assertThatThrownBy(() -> vocabulary("{\"do_basic_tokenize\":false}")).hasMessageContaining("do_basic_tokenize");
    }

    /** As llama.cpp's converter writes it: pieces that begin a word are marked, not those that go on. */
    static GgufBuilder gguf(List<String> pieces) {
        List<String> special = List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]");
        List<String> marked = pieces.stream()
                .map(piece -> special.contains(piece)
                        ? piece
                        : piece.startsWith("##") ? piece.substring(2) : "\u2581" + piece)
                .toList();
        int[] types = pieces.stream()
                .mapToInt(piece -> special.contains(piece) ? 3 : 1)
                .toArray();
        return new GgufBuilder()
                .string("tokenizer.ggml.model", "bert")
                .strings("tokenizer.ggml.tokens", marked)
                .i32s("tokenizer.ggml.token_type", types)
                .u32("tokenizer.ggml.unknown_token_id", pieces.indexOf("[UNK]"))
                .u32("tokenizer.ggml.bos_token_id", pieces.indexOf("[CLS]"))
                .u32("tokenizer.ggml.seperator_token_id", pieces.indexOf("[SEP]"));
    }

    @Test
    void inGgufItGivesTheTokensOfTheVocabulary() throws IOException {
        List<String> small = PIECES.stream()
                .map(piece -> piece.equals("Cafe") ? "cafes" : piece)
                .toList();
        Tokenizer fromGguf = Tokenizer.open(gguf(small).write(folder));
        Files.write(folder.resolve("vocab.txt"), small);
        Tokenizer fromVocabulary = Tokenizer.open(folder);
        for (String text : List.of("Café unable, 京 xyz [MASK] CAFES", "", "##s i,i")) {
            TokenSequence tokens = fromGguf.encode(text);
            assertThat(tokens.ids())
                    .as(text)
                    .isEqualTo(fromVocabulary.encode(text).ids());
            assertThat(tokens.places()).isEqualTo(fromVocabulary.encode(text).places());
        }
        assertThat(fromGguf.token(8).text()).isEqualTo("s");
        assertThat(fromGguf.find("unable")).isEmpty();
        assertThat(fromGguf.rules())
                .contains("adds the BOS token '[CLS]' (tokenizer.ggml.model)")
                .anyMatch(rule -> rule.contains("lower-cased") && rule.contains("no capital letters"));
    }

    @Test
    void inGgufAVocabularyWithCapitalsKeepsCase() {
        Tokenizer tokenizer = Tokenizer.open(gguf(PIECES).write(folder));
        assertThat(texts(tokenizer, "Cafe café")).containsExactly("[CLS]", "Cafe", "café", "[SEP]");
    }

    @Test
    void inGgufMissingTokensAreNamed() {
        GgufBuilder none = new GgufBuilder()
                .string("tokenizer.ggml.model", "bert")
                .strings("tokenizer.ggml.tokens", List.of("a", "b"));
        assertThatThrownBy(() -> Tokenizer.open(none.write(folder)))
                .isInstanceOf(BadWeightFile.class)
                .hasMessageContaining("no token [CLS]");
    }
}
