package microtome.model.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.StreamSupport;
import microtome.model.format.BadWeightFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokenizers of every kind, small; the ids were written by sentencepiece 0.2.3 and tokenizers 0.23.3. */
class SmallTokenizersTest {
    @TempDir
    private Path folder;

    private static Path resource(String name) {
        return TokenResources.path(name);
    }

    private static JsonNode expected(String name) throws IOException {
        return new JsonMapper()
                .readTree(Files.readString(resource("small-tokenizers.json")))
                .get(name);
    }

    private static int[] ids(JsonNode line) {
        return StreamSupport.stream(line.get("ids").spliterator(), false)
                .mapToInt(JsonNode::asInt)
                .toArray();
    }

    @ParameterizedTest
    @ValueSource(strings = {"sentencepiece-prefix.gguf", "sentencepiece.gguf"})
    void sentencePieceInGgufGivesTheIdsOfSentencePiece(String name) throws IOException {
        Tokenizer tokenizer = Tokenizer.open(resource(name));
        for (JsonNode line : expected(name)) {
            String text = line.get("text").asText();
            assertThat(tokenizer.encode(text).ids()).as(text).isEqualTo(ids(line));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytelevel.json", "unigram.json", "wordpiece.json"})
    void tokenizerFilesGiveTheIdsOfTheTokenizersLibrary(String name) throws IOException {
        Tokenizer tokenizer = Tokenizer.open(resource(name));
        for (JsonNode line : expected(name)) {
            String text = line.get("text").asText();
            TokenSequence tokens = tokenizer.encode(text, SpecialTokens.PARSE);
            assertThat(tokens.ids()).as(text).isEqualTo(ids(line));
            assertThat(tokens.text()).as(text).isEqualTo(line.get("decoded").asText());
        }
    }

    @Test
    void saysWhichRuleAddedATokenAndWhichTokensAreSpecial() {
        TokenSequence piece =
                Tokenizer.open(resource("sentencepiece-prefix.gguf")).encode("the model");
        assertThat(piece.token(0))
                .isEqualTo(new Token(1, "<s>", "<s>".getBytes(), true, "tokenizer.ggml.add_bos_token"));
        assertThat(piece.token(1).text()).isEqualTo(" the");
        assertThat(piece.token(1).isAdded()).isFalse();
        TokenSequence words = Tokenizer.open(resource("wordpiece.json")).encode("The model");
        assertThat(words.token(0).rule()).isEqualTo("post_processor");
        assertThat(words.token(-1).rule()).isEqualTo("post_processor");
        assertThat(words.token(-1).text()).isEqualTo("[SEP]");
        assertThat(words.size())
                .as("truncation and padding of the file are off")
                .isEqualTo(4);
    }

    @Test
    void specialTextStaysTextWhileOtherAddedTokensAreFound() {
        Tokenizer tokenizer = Tokenizer.open(resource("bytelevel.json"));
        TokenSequence tokens = tokenizer.encode("<s>a<tool>b</tool></s><|end|>");
        assertThat(tokens.tokens().stream().filter(Token::special).map(Token::text))
                .as("only the one that the post-processor adds")
                .containsExactly("<s>");
        int open = tokenizer.idOf("<tool>");
        int close = tokenizer.idOf("</tool>");
        assertThat(tokens.ids()).contains(open, close);
        assertThat(tokens.text()).isEqualTo("<s><s>a<tool>b</tool></s><|end|>");
        assertThat(tokenizer
                        .encode("<s>a<tool>b</tool></s>", SpecialTokens.PARSE)
                        .ids())
                .containsExactly(
                        tokenizer.idOf("<s>"),
                        tokenizer.idOf("<s>"),
                        tokenizer.idOf("a"),
                        open,
                        tokenizer.idOf("b"),
                        close,
                        tokenizer.idOf("</s>"));
    }

    @Test
    void saysThatTheLengthsOfTheFileAreNotApplied() {
        assertThat(Tokenizer.open(resource("wordpiece.json")).rules())
                .contains(
                        "does not apply the truncation of the file: a text gives all its tokens and no others",
                        "does not apply the padding of the file: a text gives all its tokens and no others",
                        "adds '[CLS]' before and '[SEP]' behind a text (post_processor)");
    }

    @Test
    void everyTokenSaysWhereItLies() {
        TokenSequence pieces =
                Tokenizer.open(resource("sentencepiece-prefix.gguf")).encode("the é🐈");
        assertThat(pieces.place(0)).isEqualTo(new Place(0, 0));
        assertThat(pieces.place(1)).isEqualTo(new Place(0, 3));
        assertThat(pieces.place(-1)).isEqualTo(new Place(9, 10));
        assertThat(pieces.places().getLast().to()).isEqualTo("the é🐈".getBytes(StandardCharsets.UTF_8).length);
        TokenSequence words = Tokenizer.open(resource("wordpiece.json")).encode("THE  Éa");
        assertThat(words.place(1)).isEqualTo(new Place(0, 3));
        assertThat(words.places().getLast()).isEqualTo(new Place(8, 8));
        assertThatThrownBy(() ->
                        Tokenizer.open(resource("wordpiece.json")).sequence(1).place(0))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("made of ids");
    }

    @Test
    void everyCodePointRoundTripsWhereEveryByteHasAToken() {
        Tokenizer pieces = Tokenizer.open(resource("sentencepiece.gguf"));
        for (int from = 0; from <= Character.MAX_CODE_POINT; from += 4096) {
            StringBuilder chunk = new StringBuilder();
            for (int codePoint = from; codePoint < from + 4096; codePoint++) {
                boolean surrogate = codePoint <= 0xffff && Character.isSurrogate((char) codePoint);
                boolean isTheSignForABlank = codePoint == 0x2581;
                chunk.append(surrogate || isTheSignForABlank ? "" : Character.toString(codePoint));
            }
            TokenSequence tokens = pieces.encode(chunk.toString());
            assertThat(pieces.decode(Arrays.copyOfRange(tokens.ids(), 1, tokens.size())))
                    .as("from U+%04X", from)
                    .isEqualTo(chunk.toString());
        }
    }

    @Test
    void bytesWithoutACharacterAreStillExact() {
        Tokenizer tokenizer = Tokenizer.open(resource("sentencepiece.gguf"));
        TokenSequence cat = tokenizer.encode("🐈");
        assertThat(cat.tokens().stream().skip(1).map(token -> token.bytes()[0] & 0xff))
                .containsExactly(0xf0, 0x9f, 0x90, 0x88);
        assertThat(cat.token(1).text()).isEqualTo("\ufffd");
        assertThat(cat.text()).isEqualTo("<s>🐈");
    }

    @Test
    void readsBeginningEndAndTemplateBesideTheFile() throws IOException {
        Files.copy(resource("bytelevel.json"), folder.resolve("tokenizer.json"));
        assertThat(Tokenizer.open(folder).hasChatTemplate()).isFalse();
        assertThatThrownBy(() -> Tokenizer.open(folder).chat(List.of(Message.user("a")), true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("has no chat template");
        Files.writeString(
                folder.resolve("tokenizer_config.json"),
                "{\"bos_token\":\"<s>\",\"eos_token\":{\"content\":\"</s>\"},\"chat_template\":[{\"name\":\"default\","
                        + "\"template\":\"{{ bos_token }}{% for m in messages %}{{ m.content | trim }}{{ eos_token }}"
                        + "{% endfor %}\"}]}");
        Tokenizer tokenizer = Tokenizer.open(folder);
        assertThat(tokenizer.bos()).map(Token::text).contains("<s>");
        TokenSequence tokens = tokenizer.chat(List.of(Message.user(" the model "), Message.user("")), false);
        assertThat(tokens.text()).isEqualTo("<s>the model</s></s>");
        assertThat(tokens.tokens().stream().map(Token::isAdded)).containsExactly(true, false, false, true, true);
    }

    @Test
    void unknownKindsAreNamedWithTheKnownOnes() throws IOException {
        refuses(
                "{\"model\":{\"type\":\"WordLevel\",\"vocab\":{\"a\":0}}}",
                "the unknown kind 'WordLevel'",
                "BPE, Unigram, WordPiece");
        refuses("{\"a\":0,\"b\":1}", "a file without a model", "BPE, Unigram, WordPiece");
        refuses("[1]", "JSON that is not an object", "BPE, Unigram, WordPiece");
        refuses("{\"model\":", "character", "JSON");
        String bpe = "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0},\"merges\":[]},\"decoder\":%s}";
        refuses(
                bpe.formatted("{\"type\":\"CTC\"}"),
                "decoder: found the unknown kind 'CTC'",
                "ByteLevel, Fuse, Metaspace");
        refuses(bpe.formatted("{\"type\":\"Fuse\"}"), "a decoder of the unknown kind [Fuse]", "ByteLevel, Metaspace");
        refuses(bpe.formatted("null"), "a decoder of the unknown kind null", "ByteLevel, Metaspace");
        Path binary = Files.write(folder.resolve("tokenizer.model"), new byte[] {10, (byte) 0xff, (byte) 0xfe});
        assertThatThrownBy(() -> Tokenizer.open(binary)).hasMessageContaining("a tokenizer of an unknown kind");
    }

    @Test
    void damagedFilesAreRefused() throws IOException {
        String ids =
                "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":%s},\"merges\":[]},\"decoder\":{\"type\":\"ByteLevel\"}}";
        refuses(ids.formatted("-1"), "vocab 'a'", "0..");
        refuses(ids.formatted("4000000000"), "vocab 'a'", "0..");
        refuses(ids.formatted("\"x\""), "vocab 'a'", "an id");
        refuses(ids.formatted("0,\"b\":0"), "both 'a' and 'b'", "one spelling");
        refuses(ids.replace("[]", "[\"a b\"]").formatted("0"), "tokenizer", "what the tokenizers library accepts");
        refuses(
                ids.formatted("0")
                        .replace("}}}", "}},\"added_tokens\":[{\"id\":\"x\"}]}")
                        .concat(" x"),
                "",
                "");
    }

    private void refuses(String json, String found, String allowed) throws IOException {
        Path path = Files.writeString(folder.resolve("tokenizer.json"), json);
        assertThatThrownBy(() -> Tokenizer.open(path))
                .isInstanceOf(BadWeightFile.class)
                .hasMessageContaining(found)
                .hasMessageContaining(allowed)
                .hasMessageContaining("fix: ");
    }
}
