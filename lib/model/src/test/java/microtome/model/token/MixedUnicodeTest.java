package microtome.model.token;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import microtome.model.BundledModelFile;
import microtome.model.MiniLmFolder;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** 10,000 lines of mixed Unicode give the tokens, and places, that the tokenizers library of Python gives. */
class MixedUnicodeTest {
    private static final int GROUP = 100;
    private static final Pattern REFUSAL = Pattern.compile("U\\+[0-9A-F]{4,6} at index \\d+");

    private static List<String> lines;
    private static JsonNode expected;

    @BeforeAll
    static void draw() {
        lines = MixedUnicode.lines();
        expected = TokenResources.json("mixed-unicode-expected.json");
    }

    @Test
    void theLinesAreThoseThatPythonDrew() {
        assertThat(lines).hasSize(10_000);
        assertThat(sha256(String.join("\n", lines)))
                .isEqualTo(expected.get("lines").asText());
    }

    @ParameterizedTest
    @EnumSource
    void smolLm2(SpecialTokens special) {
        Tokenizer tokenizer = Tokenizer.open(BundledModelFile.required());
        int refused = compare("smollm2", special, line -> ids(tokenizer.encode(line, special)));
        assertThat(refused)
                .as("lines with one of the eight bytes that the vocabulary lacks")
                .isEqualTo(expected.get("smollm2")
                        .get(kind(special))
                        .get("refused")
                        .asInt())
                .isPositive();
    }

    @ParameterizedTest
    @EnumSource
    void miniLm(SpecialTokens special) {
        Tokenizer tokenizer = Tokenizer.open(MiniLmFolder.required());
        assertThat(compare("minilm", special, line -> idsAndPlaces(tokenizer.encode(line, special))))
                .isZero();
    }

    @Test
    void miniLmFromItsVocabularyAlone() {
        Tokenizer tokenizer = Tokenizer.open(MiniLmFolder.required().resolve("vocab.txt"));
        assertThat(compare("minilm", SpecialTokens.TEXT, line -> idsAndPlaces(tokenizer.encode(line))))
                .isZero();
    }

    @Test
    void miniLmFromGguf(@TempDir Path folder) throws IOException {
        List<String> pieces = Files.readAllLines(MiniLmFolder.required().resolve("vocab.txt"));
        Tokenizer tokenizer = Tokenizer.open(WordPieceFilesTest.gguf(pieces).write(folder));
        assertThat(compare("minilm", SpecialTokens.TEXT, line -> idsAndPlaces(tokenizer.encode(line))))
                .isZero();
    }

    @Test
    void placesOfSmolLm2AreExactlyTheBytesOfEachToken() {
        Tokenizer tokenizer = Tokenizer.open(BundledModelFile.required());
        int compared = 0;
        for (String line : lines.subList(0, 1000)) {
            TokenSequence tokens;
            try {
                tokens = tokenizer.encode(line);
            } catch (IllegalArgumentException lacking) {
                continue;
            }
            byte[] text = line.getBytes(StandardCharsets.UTF_8);
            int at = 0;
            for (int position = 0; position < tokens.size(); position++) {
                Place place = tokens.place(position);
                assertThat(place.from()).isEqualTo(at);
                at = place.to();
                assertThat(Arrays.copyOfRange(text, place.from(), at))
                        .isEqualTo(tokens.token(position).bytes());
            }
            assertThat(at).isEqualTo(text.length);
            compared++;
        }
        assertThat(compared).isGreaterThan(800);
    }

    /** Compares every line; returns how many were refused, which the digests hold too. */
    private static int compare(String model, SpecialTokens special, Function<String, String> described) {
        JsonNode wanted = expected.get(model).get(kind(special));
        List<String> texts = new ArrayList<>(lines.size());
        int refused = 0;
        for (String line : lines) {
            String text;
            try {
                text = described.apply(line);
            } catch (IllegalArgumentException refusal) {
                text = placeIn(refusal.getMessage());
                refused++;
            }
            texts.add(text);
            int number = texts.size() - 1;
            if (number < wanted.get("first").size()) {
                assertThat(text)
                        .as("line %d: %s", number, line)
                        .isEqualTo(wanted.get("first").get(number).asText());
            }
        }
        for (int group = 0; group < lines.size() / GROUP; group++) {
            List<String> part = texts.subList(group * GROUP, (group + 1) * GROUP);
            assertThat(sha256(String.join("\n", part)))
                    .as("%s, lines %d to %d", model, group * GROUP, (group + 1) * GROUP - 1)
                    .isEqualTo(wanted.get("sha256").get(group).asText());
        }
        return refused;
    }

    private static String kind(SpecialTokens special) {
        return special == SpecialTokens.TEXT ? "text" : "parse";
    }

    private static String placeIn(String message) {
        Matcher place = REFUSAL.matcher(message);
        assertThat(place.find()).as(message).isTrue();
        return place.group();
    }

    private static String ids(TokenSequence tokens) {
        return Arrays.stream(tokens.ids()).mapToObj(Integer::toString).collect(Collectors.joining(","));
    }

    private static String idsAndPlaces(TokenSequence tokens) {
        return ids(tokens) + ";"
                + tokens.places().stream()
                        .map(place -> place.from() + "-" + place.to())
                        .collect(Collectors.joining(","));
    }

    private static String sha256(String text) {
        try {
            byte[] sum = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(sum);
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
