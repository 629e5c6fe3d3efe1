package microtome.model.token.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import microtome.model.format.BadWeightFile;
import microtome.model.format.GgufBuilder;
import microtome.model.token.Token;
import microtome.model.token.TokenSequence;
import microtome.model.token.Tokenizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PreTokenizerTest {
    @TempDir
    private Path folder;

    /** All bytes, and merges that join any two or four neighbours of a few characters, unless the cutting forbids it. */
    private GgufBuilder vocabulary(String pre) {
        List<String> tokens = new ArrayList<>();
        for (int value = 0; value < 256; value++) {
            tokens.add(String.valueOf(ByteAlphabet.characterOf(value)));
        }
        List<String> merges = new ArrayList<>();
        List<String> singles =
                "ab12!?\u010a\u0120'S".chars().mapToObj(Character::toString).toList();
        for (String left : singles) {
            for (String right : singles) {
                tokens.add(left + right);
                merges.add(left + " " + right);
            }
        }
        tokens.add("<s>");
        GgufBuilder builder = new GgufBuilder().string("tokenizer.ggml.model", "gpt2");
        if (pre != null) {
            builder.string("tokenizer.ggml.pre", pre);
        }
        return builder.strings("tokenizer.ggml.tokens", tokens)
                .strings("tokenizer.ggml.merges", merges)
                .u32("tokenizer.ggml.bos_token_id", tokens.size() - 1)
                .u32("tokenizer.ggml.eos_token_id", tokens.size() - 1);
    }

    private Tokenizer tokenizer(GgufBuilder builder) {
        return Tokenizer.open(builder.write(folder));
    }

    @ParameterizedTest
    @CsvSource({
        "gpt-2, ab12!?, ab|12|!?",
        "smollm, ab12!?, ab|1|2|!?",
        "llama-bpe, ab12!?, <s>|ab|12|!?",
        "qwen2, ab12!?, ab|1|2|!?",
        "default, ab12!?, ab|12|!?",
        "gpt-2, 'a''S', 'a|''|S'",
        "qwen2, 'a''S', 'a|''S'",
        "gpt-2, !b, !|b",
        "llama-bpe, !b, <s>|!b",
        "qwen2, !b, !b",
        "default, !?1, !?|1",
        "default, '11112222', 11|1|12|2|22",
        "gpt-2, '1111', 11|11",
        "llama-bpe, '1111', <s>|11|1|1",
        "dbrx, '1111', 11|1|1",
        "mpt, ab12!?, ab|12|!?",
        "starcoder, ab12!?, ab|1|2|!?",
        "deepseek-r1-qwen, '1111', 1|1|1|1",
        "tekken, '1111', <s>|1|1|1|1",
        "gpt-4o, '1111', 11|1|1",
        "gpt-4o, aSb, a|Sb",
        "qwen2, aSb, aS|b",
        "tekken, 'a''S', '<s>|a|''S'",
        "gpt-4o, 'a''S', 'a''|S'",
    })
    void cutsBeforeMerging(String pre, String text, String pieces) {
        TokenSequence tokens = tokenizer(vocabulary(pre)).encode(text);
        assertThat(tokens.tokens().stream().map(Token::text).collect(Collectors.joining("|")))
                .isEqualTo(pieces);
    }

    /** Line by line, as the library's tables of Unicode are older than ours and order some newer marks otherwise. */
    @ParameterizedTest
    @EnumSource
    void everyCodePointRoundTrips(PreTokenizer pre) {
        Tokenizer tokenizer = tokenizer(vocabulary(pre.names().getFirst()).bool("tokenizer.ggml.add_bos_token", 0));
        int last = pre == PreTokenizer.GPT_2 ? Character.MAX_CODE_POINT : 0x1ffff;
        for (int from = 0; from <= last; from += 4096) {
            StringBuilder chunk = new StringBuilder();
            for (int codePoint = from; codePoint < from + 4096; codePoint++) {
                boolean surrogate = codePoint <= 0xffff && Character.isSurrogate((char) codePoint);
                chunk.append(surrogate ? "" : Character.toString(codePoint)).append(pre.composes() ? "\n" : "");
            }
            String text = chunk.toString();
            String wanted = pre.composes() ? Normalizer.normalize(text, Normalizer.Form.NFC) : text;
            assertThat(tokenizer.decode(tokenizer.encode(text).ids()))
                    .as("from U+%04X", from)
                    .isEqualTo(wanted);
        }
    }

    @Test
    void keepsLineEndsWithPunctuationWhereTheModelDoes() {
        assertThat(texts("qwen2", "!\n\na")).containsExactly("!\n", "\n", "a");
        assertThat(texts("gpt-2", "!\n\na")).containsExactly("!", "\n", "\n", "a");
        assertThat(texts("gpt-2", "a  b")).containsExactly("a", " ", " b");
    }

    private List<String> texts(String pre, String text) {
        return tokenizer(vocabulary(pre)).encode(text).tokens().stream()
                .map(Token::text)
                .toList();
    }

    @Test
    void composesAccentsOnlyForQwen() {
        assertThat(tokenizer(vocabulary("qwen2")).encode("e\u0301").text()).isEqualTo("\u00e9");
        assertThat(tokenizer(vocabulary("gpt-2")).encode("e\u0301").text()).isEqualTo("e\u0301");
    }

    @Test
    void aFileWithoutANameGetsTheDefault() {
        assertThat(tokenizer(vocabulary(null)).rules()).anyMatch(rule -> rule.contains("the default of llama.cpp"));
    }

    @Test
    void beginningAndEndComeFromTheFile() {
        GgufBuilder builder =
                vocabulary("gpt-2").bool("tokenizer.ggml.add_bos_token", 1).bool("tokenizer.ggml.add_eos_token", 1);
        TokenSequence tokens = tokenizer(builder).encode("a");
        assertThat(tokens.tokens().stream().map(Token::rule))
                .containsExactly("tokenizer.ggml.add_bos_token", null, "tokenizer.ggml.add_eos_token");
        assertThat(tokens.text()).isEqualTo("<s>a<s>");
        assertThat(tokenizer(vocabulary("llama-bpe").bool("tokenizer.ggml.add_bos_token", 0))
                        .encode("a")
                        .size())
                .isEqualTo(1);
        assertThat(tokenizer(vocabulary("llama-bpe")).rules())
                .contains("adds the BOS token '<s>' (tokenizer.ggml.add_bos_token is absent)");
    }

    @Test
    void refusesWhatItDoesNotKnowNamingWhatItKnows() {
        assertThatThrownBy(() -> tokenizer(vocabulary("viking")))
                .isInstanceOf(BadWeightFile.class)
                .hasMessageContaining("the unknown pre-tokenizer 'viking'; allowed: gpt-2, phi-2, mpt, olmo, smollm");
        assertThatThrownBy(() -> tokenizer(new GgufBuilder().string("tokenizer.ggml.model", "rwkv")))
                .isInstanceOf(BadWeightFile.class)
                .hasMessageContaining("the unknown kind 'rwkv'; allowed: gpt2 (byte-level BPE), llama");
        assertThatThrownBy(() -> tokenizer(new GgufBuilder().string("general.name", "x")))
                .isInstanceOf(BadWeightFile.class)
                .hasMessageContaining("the key is missing");
    }

    @Test
    void refusesMetadataThatDoesNotFitTogether() {
        refuses(vocabulary("gpt-2").u32("tokenizer.ggml.unused", 0).i32s("tokenizer.ggml.token_type", 1), "1 types");
        GgufBuilder noTokens = new GgufBuilder()
                .string("tokenizer.ggml.model", "gpt2")
                .strings("tokenizer.ggml.tokens", List.of("a"))
                .strings("tokenizer.ggml.merges", List.of("a b"));
        refuses(noTokens, "out of vocabulary");
        GgufBuilder noBeginning = new GgufBuilder()
                .string("tokenizer.ggml.model", "gpt2")
                .strings("tokenizer.ggml.tokens", List.of("a"))
                .strings("tokenizer.ggml.merges", List.of())
                .bool("tokenizer.ggml.add_bos_token", 1);
        refuses(noBeginning, "true, but there is no tokenizer.ggml.bos_token_id");
        GgufBuilder outside = new GgufBuilder()
                .string("tokenizer.ggml.model", "gpt2")
                .strings("tokenizer.ggml.tokens", List.of("a"))
                .strings("tokenizer.ggml.merges", List.of())
                .u32("tokenizer.ggml.bos_token_id", 1);
        refuses(outside, "'tokenizer.ggml.bos_token_id': 1; allowed: 0..0");
    }

    private void refuses(GgufBuilder builder, String part) {
        assertThatThrownBy(() -> tokenizer(builder))
                .isInstanceOf(BadWeightFile.class)
                .hasMessageContaining(part);
    }
}
