package microtome.model.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.StreamSupport;
import microtome.model.format.BadWeightFile;
import microtome.model.format.GgufBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A unigram model that sentencepiece trained, as GGUF and as tokenizer.json. */
class UnigramTest {
    private static final JsonNode EXPECTED = TokenResources.json("unigram-expected.json");

    @TempDir
    private Path folder;

    private static int[] ids(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToInt(JsonNode::asInt)
                .toArray();
    }

    private static Tokenizer gguf() {
        return Tokenizer.open(TokenResources.path("unigram.gguf"));
    }

    private static Tokenizer json() {
        return Tokenizer.open(TokenResources.path("unigram-charsmap.json"));
    }

    @Test
    void inGgufGivesTheIdsOfSentencePiece() {
        Tokenizer tokenizer = gguf();
        for (JsonNode line : EXPECTED) {
            String text = line.get("text").asText();
            // The library puts no blank before a text that begins with the sign for one; SentencePiece does.
            String program = text.startsWith("\u2581") ? "tokenizers" : "sentencepiece";
            assertThat(tokenizer.encode(text).ids()).as(text).isEqualTo(ids(line.get(program)));
        }
    }

    @Test
    void inJsonGivesTheIdsOfTheTokenizersLibrary() {
        Tokenizer tokenizer = json();
        for (JsonNode line : EXPECTED) {
            String text = line.get("text").asText();
            assertThat(tokenizer.encode(text, SpecialTokens.PARSE).ids())
                    .as(text)
                    .isEqualTo(ids(line.get("parsed")));
        }
    }

    @Test
    void theTextOfASpecialTokenStaysTextThoughItIsAmongThePieces() {
        for (Tokenizer tokenizer : List.of(gguf(), json())) {
            TokenSequence tokens = tokenizer.encode("<pad> text </s>");
            assertThat(tokens.tokens().stream()
                            .filter(token -> !token.isAdded())
                            .map(Token::id))
                    .doesNotContain(0, 1);
            assertThat(tokens.token(-1).id()).isEqualTo(1);
            assertThat(tokenizer
                            .encode("<pad> text", SpecialTokens.PARSE)
                            .token(0)
                            .id())
                    .isZero();
        }
    }

    @Test
    void aTextThatBecomesThatOfASpecialTokenStaysTextToo() {
        String text = "<\uff30\uff21\uff24> </\u200bs>";
        for (Tokenizer tokenizer : List.of(gguf(), json())) {
            assertThat(tokenizer.encode(text).tokens())
                    .noneMatch(token -> !token.isAdded() && (token.id() == 0 || token.id() == 1));
        }
    }

    @Test
    void placesAreThoseOfTheTextThatWasGiven() {
        TokenSequence tokens = gguf().encode("ﬁ  Ａ");
        byte[] text = "ﬁ  Ａ".getBytes(StandardCharsets.UTF_8);
        assertThat(tokens.places().stream().allMatch(place -> place.to() <= text.length))
                .isTrue();
        Place last = tokens.place(-2);
        assertThat(new String(Arrays.copyOfRange(text, last.from(), last.to()), StandardCharsets.UTF_8))
                .endsWith("Ａ");
        assertThat(tokens.place(-1).isEmpty()).isTrue();
    }

    @Test
    void saysWhichRulesApply() {
        assertThat(gguf().rules())
                .containsExactly(
                        "SentencePiece unigram, 400 tokens (tokenizer.ggml.model = t5)",
                        "adds a blank before a text (tokenizer.ggml.add_space_prefix)",
                        "drops extra blanks (tokenizer.ggml.remove_extra_whitespaces)",
                        "rewrites characters (tokenizer.ggml.precompiled_charsmap)",
                        "adds no BOS (tokenizer.ggml.add_bos_token is absent)",
                        "adds the EOS token '</s>' (tokenizer.ggml.add_eos_token is absent)",
                        "3 special tokens; their text inside a prompt stays text unless asked otherwise");
        assertThat(json().rules()).contains("adds '</s>' behind a text (post_processor)");
    }

    @Test
    void damagedTablesAndScoresAreNamed() throws IOException {
        String json = Files.readString(TokenResources.path("unigram-charsmap.json"));
        int at = json.indexOf("\"precompiled_charsmap\":\"") + 24;
        refuses(json.substring(0, at) + "AAAA" + json.substring(at + 4), "precompiled_charsmap");
        refuses(json.substring(0, at) + "?" + json.substring(at + 1), "a table of SentencePiece in base 64");
        refuses(json.replaceFirst("\"unk_id\":2", "\"unk_id\":400"), "unk_id");
        refuses(json.replaceFirst(",-\\d+\\.\\d+\\]", ",-1e999]"), "[spelling, score]");
        GgufBuilder scores = new GgufBuilder()
                .string("tokenizer.ggml.model", "t5")
                .strings("tokenizer.ggml.tokens", List.of("a", "b"))
                .f32s("tokenizer.ggml.scores", 0, Float.NaN)
                .u32("tokenizer.ggml.unknown_token_id", 0);
        assertThatThrownBy(() -> Tokenizer.open(scores.write(folder))).hasMessageContaining("the score NaN");
        GgufBuilder unknown = new GgufBuilder()
                .string("tokenizer.ggml.model", "t5")
                .strings("tokenizer.ggml.tokens", List.of("a", "b"))
                .f32s("tokenizer.ggml.scores", 0, -1);
        assertThatThrownBy(() -> Tokenizer.open(unknown.write(folder)))
                .hasMessageContaining("tokenizer.ggml.unknown_token_id");
    }

    private void refuses(String json, String part) throws IOException {
        Path path = Files.writeString(folder.resolve("tokenizer.json"), json);
        assertThatThrownBy(() -> Tokenizer.open(path))
                .isInstanceOf(BadWeightFile.class)
                .hasMessageContaining(part);
    }
}
