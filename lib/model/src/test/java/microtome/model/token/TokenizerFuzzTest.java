package microtome.model.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import microtome.model.format.BadWeightFile;
import microtome.model.format.Gguf;
import microtome.model.token.definition.GgufTokenizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Damaged definitions give messages; they do not end the process inside the native library, which nobody could catch. */
class TokenizerFuzzTest {
    private static final int ROUNDS = 500;
    private static final List<String> TEXTS = List.of(
            "", "The microtome cuts  a slice.", "<s>é東京🐈</s> [MASK] <pad>", "\u0000\n\t\u00a0ﬁ½", "x".repeat(120));
    private static final List<String> VALUES = List.of(
            "null",
            "-1",
            "0",
            "1",
            "7",
            "99999999999",
            "1e308",
            "\"\"",
            "\"x\"",
            "\"▁\"",
            "\"é🐈\"",
            "[]",
            "{}",
            "true",
            "[[\"a\",0.5]]",
            "{\"a\":0}",
            "\"ByteLevel\"",
            "\"Unigram\"",
            "\"WordPiece\"",
            "\"BPE\"",
            "{\"Regex\":\"a*\"}");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {"bytelevel.json", "unigram.json", "unigram-charsmap.json", "wordpiece.json", "sentencepiece.json"
            })
    void changedDefinitionsGiveMessages(String name) throws IOException {
        JsonNode whole = new JsonMapper().readTree(Files.readString(definition(name)));
        Random random = new Random(name.hashCode());
        int opened = 0;
        for (int round = 0; round < ROUNDS; round++) {
            JsonNode changed = whole.deepCopy();
            change(changed, random);
            opened += tried(changed.toString().getBytes(StandardCharsets.UTF_8), "tokenizer.json");
        }
        assertThat(opened).as("definitions that still work").isBetween(ROUNDS / 50, ROUNDS - 1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"bytelevel.json", "unigram-charsmap.json", "unigram.gguf", "sentencepiece.gguf", "wordpiece.gguf"
            })
    void changedBytesGiveMessages(String name) throws IOException {
        byte[] whole = name.equals("wordpiece.gguf")
                ? WordPieceFilesTest.gguf(WordPieceFilesTest.PIECES).build()
                : Files.readAllBytes(TokenResources.path(name));
        Random random = new Random(name.hashCode());
        for (int round = 0; round < ROUNDS; round++) {
            tried(damaged(whole, random), name.endsWith(".gguf") ? "damaged.gguf" : "tokenizer.json");
        }
    }

    /** One in ten such tables is still sound, and is used. */
    @Test
    void changedCharsmapsGiveMessages() throws IOException {
        String json = Files.readString(TokenResources.path("unigram-charsmap.json"));
        int from = json.indexOf("\"precompiled_charsmap\":\"") + 24;
        int to = json.indexOf('"', from);
        byte[] table = Base64.getDecoder().decode(json.substring(from, to));
        Random random = new Random(table.length);
        int opened = 0;
        for (int round = 0; round < 2 * ROUNDS; round++) {
            byte[] changed = damaged(table, random);
            changed[random.nextInt(12)] ^= (byte) (random.nextInt(4) == 0 ? random.nextInt(256) : 0);
            String text = Base64.getEncoder().encodeToString(changed);
            opened += tried(
                    (json.substring(0, from) + text + json.substring(to)).getBytes(StandardCharsets.UTF_8),
                    "tokenizer.json");
        }
        assertThat(opened).as("tables that still work").isPositive();
    }

    private static byte[] damaged(byte[] whole, Random random) {
        byte[] changed = whole.clone();
        for (int change = random.nextInt(3); change >= 0; change--) {
            changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
        }
        return changed;
    }

    /** The definition that a GGUF file becomes, for the kind that no resource has. */
    private Path definition(String name) throws IOException {
        if (!name.equals("sentencepiece.json")) {
            return TokenResources.path(name);
        }
        try (var gguf = Gguf.open(TokenResources.path("sentencepiece.gguf"))) {
            return Files.writeString(
                    folder.resolve(name),
                    GgufTokenizer.read(gguf.metadata()).json().text(true));
        }
    }

    private int tried(byte[] definition, String name) {
        try {
            Path file = Files.write(folder.resolve(name), definition);
            Tokenizer tokenizer = Tokenizer.open(file);
            for (String text : TEXTS) {
                used(tokenizer, text);
            }
            return 1;
        } catch (BadWeightFile | IllegalArgumentException message) {
            assertThat(message.getMessage()).isNotBlank();
            return 0;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (RuntimeException unexpected) {
            return fail(new String(definition, StandardCharsets.UTF_8), unexpected);
        }
    }

    private static void used(Tokenizer tokenizer, String text) {
        for (SpecialTokens special : SpecialTokens.values()) {
            TokenSequence tokens = tokenizer.encode(text, special);
            tokenizer.decode(tokens.ids());
        }
    }

    /** Replaces, removes or repeats one value somewhere; large lists count as one place. */
    private static void change(JsonNode whole, Random random) throws IOException {
        List<JsonNode> containers = new ArrayList<>();
        collect(whole, containers);
        JsonNode container = containers.get(random.nextInt(containers.size()));
        JsonNode value = new JsonMapper().readTree(VALUES.get(random.nextInt(VALUES.size())));
        if (container instanceof ObjectNode object) {
            List<String> names = new ArrayList<>();
            object.fieldNames().forEachRemaining(names::add);
            String name = names.isEmpty() ? "type" : names.get(random.nextInt(names.size()));
            if (random.nextInt(4) == 0) {
                object.remove(name);
            } else {
                object.set(name, value);
            }
        } else if (container instanceof ArrayNode array) {
            int index = array.isEmpty() ? 0 : random.nextInt(array.size());
            switch (random.nextInt(3)) {
                case 0 -> array.insert(index, value);
                case 1 -> array.remove(index);
                default -> array.add(array.isEmpty() ? value : array.get(index));
            }
        }
    }

    private static void collect(JsonNode node, List<JsonNode> containers) {
        if (node.isContainerNode()) {
            containers.add(node);
            int seen = 0;
            for (JsonNode child : node) {
                if (seen++ < 12) {
                    collect(child, containers);
                }
            }
        }
    }
}
