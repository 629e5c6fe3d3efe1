package microtome.model.token;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import microtome.model.format.BadWeightFile;

/** Reads a {@code tokenizer.json}, and what lies beside it in {@code tokenizer_config.json}. */
final class JsonTokenizer {
    private static final String FILE = "tokenizer.json";
    private static final String RULE = "post_processor";
    private static final JsonFactory FACTORY = JsonTokenizerFile.FACTORY;

    private JsonTokenizer() {}

    static TokenizerDefinition read(Path path) {
        Path file = Files.isDirectory(path) ? path.resolve(FILE) : path;
        String text = text(file);
        JsonTokenizerFile content = JsonTokenizerFile.parse(file, text);
        AddedTokens added = new AddedTokens(content.added());
        List<String> pieces = content.pieces();
        Vocabulary vocabulary = new ListedVocabulary(pieces);
        TokenizerSettings settings = TokenizerSettings.beside(file);
        return new TokenizerDefinition(
                file,
                special -> special ? text(file) : withoutSpecial(text(file)),
                new TokenizerDefinition.Entries(vocabulary, content.kind(), added, () -> rules(content, added)),
                new TokenizerDefinition.Frame(
                        id(settings.beginning(), added, vocabulary), id(settings.end(), added, vocabulary), RULE, RULE),
                settings.template());
    }

    private static OptionalInt id(String token, AddedTokens added, Vocabulary vocabulary) {
        if (token == null) {
            return OptionalInt.empty();
        }
        return added.byContent(token).map(found -> OptionalInt.of(found.id())).orElseGet(() -> vocabulary.id(token));
    }

    private static List<String> rules(JsonTokenizerFile content, AddedTokens added) {
        List<String> rules = new ArrayList<>();
        rules.add("%s, %,d tokens (model in %s)"
                .formatted(content.model(), content.pieces().size(), FILE));
        content.steps().forEach((name, step) -> rules.add("%s: %s".formatted(name, types(step))));
        rules.add("%d special tokens; their text inside a prompt stays text unless asked otherwise"
                .formatted(added.specialCount()));
        return List.copyOf(rules);
    }

    /** The kinds of a step, or of the steps in a sequence. */
    private static String types(JsonNode step) {
        if (step == null || !step.isObject()) {
            return "none";
        }
        List<String> names = new ArrayList<>();
        step.findValuesAsText("type").stream()
                .filter(type -> !type.equals("Sequence"))
                .forEach(names::add);
        return String.join(", ", names);
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (CharacterCodingException notText) {
            throw new BadWeightFile(
                    file,
                    "kind",
                    "a tokenizer of an unknown kind, which is not text (a SentencePiece .model file?)",
                    FILE + " with a model of kind " + JsonTokenizerFile.KNOWN_MODELS,
                    "save it with transformers: AutoTokenizer.from_pretrained(folder).save_pretrained(folder)");
        } catch (NoSuchFileException missing) {
            throw new UncheckedIOException(file + ": there is no such file", missing);
        } catch (IOException failure) {
            throw new UncheckedIOException(file + ": cannot be read", failure);
        }
    }

    /** The same file whose special tokens are gone from the list of those that are looked for in a text. */
    private static String withoutSpecial(String text) {
        StringWriter target = new StringWriter(text.length());
        try (JsonParser parser = FACTORY.createParser(text);
                JsonGenerator generator = FACTORY.createGenerator(target)) {
            parser.nextToken();
            generator.writeStartObject();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                generator.writeFieldName(name);
                parser.nextToken();
                if (name.equals("added_tokens") && parser.currentToken() == JsonToken.START_ARRAY) {
                    copyWithoutSpecial(parser, generator);
                } else {
                    generator.copyCurrentStructure(parser);
                }
            }
            generator.writeEndObject();
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("the file changed since it was read first", impossible);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return target.toString();
    }

    private static void copyWithoutSpecial(JsonParser parser, JsonGenerator generator) throws IOException {
        generator.writeStartArray();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            JsonNode token = JsonTokenizerFile.tree(parser);
            if (!token.path("special").asBoolean()) {
                generator.writeRawValue(token.toString());
            }
        }
        generator.writeEndArray();
    }
}
