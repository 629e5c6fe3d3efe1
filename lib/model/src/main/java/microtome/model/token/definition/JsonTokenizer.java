package microtome.model.token.definition;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
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
import java.util.Set;
import java.util.stream.Collectors;
import microtome.model.format.BadWeightFile;

/** Reads a {@code tokenizer.json}, or else a {@code vocab.txt}, and {@code tokenizer_config.json} beside it. */
public final class JsonTokenizer {
    private static final String FILE = "tokenizer.json";
    private static final String RULE = "post_processor";
    private static final JsonFactory FACTORY = JsonTokenizerFile.FACTORY;

    private JsonTokenizer() {}

    /** The tokenizer of a file, or of a folder that has one. */
    public static TokenizerDefinition read(Path path) {
        Path file = Files.isDirectory(path) ? inside(path) : path;
        String text = text(file);
        if (file.getFileName().toString().endsWith(".txt")) {
            return VocabularyFile.read(file, text);
        }
        JsonTokenizerFile content = JsonTokenizerFile.parse(file, text);
        AddedTokens added = new AddedTokens(content.added());
        Vocabulary vocabulary = new ListedVocabulary(content.pieces());
        TokenizerSettings settings = TokenizerSettings.beside(file);
        Set<Integer> hidden = hidden(content);
        return new TokenizerDefinition(
                file,
                special -> special ? text(file) : withoutSpecial(text(file), hidden),
                new TokenizerDefinition.Entries(vocabulary, content.kind(), added, () -> rules(content, added)),
                new TokenizerDefinition.Frame(
                        id(settings.beginning(), added, vocabulary), id(settings.end(), added, vocabulary), RULE, RULE),
                settings.template());
    }

    private static Path inside(Path folder) {
        Path vocabulary = folder.resolve(VocabularyFile.NAME);
        Path file = folder.resolve(FILE);
        return Files.exists(file) || !Files.exists(vocabulary) ? file : vocabulary;
    }

    /** A unigram model would find special tokens in a text by itself, as they are among its pieces. */
    private static Set<Integer> hidden(JsonTokenizerFile content) {
        if (!content.model().equals("Unigram")) {
            return Set.of();
        }
        return content.added().stream()
                .filter(AddedToken::special)
                .map(AddedToken::id)
                .collect(Collectors.toSet());
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
        rules.add("%s (%s)".formatted(Framing.rule(content.steps().getOrDefault(RULE, NullNode.instance)), RULE));
        content.ignored()
                .forEach(
                        name -> rules.add("does not apply the %s of the file: a text gives all its tokens and no others"
                                .formatted(name)));
        rules.add(added.rule());
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
                    FILE + " with a model of kind " + JsonModel.KNOWN,
                    "save it with transformers: AutoTokenizer.from_pretrained(folder).save_pretrained(folder)");
        } catch (NoSuchFileException missing) {
            throw new UncheckedIOException(file + ": there is no such file", missing);
        } catch (IOException failure) {
            throw new UncheckedIOException(file + ": cannot be read", failure);
        }
    }

    /** The same file whose special tokens are gone from the list of those that are looked for in a text. */
    private static String withoutSpecial(String text, Set<Integer> hidden) {
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
                } else if (name.equals("model") && !hidden.isEmpty()) {
                    copyHiding(hidden, parser, generator);
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

    /** A unigram model, the given pieces of it under spellings that no text has. */
    private static void copyHiding(Set<Integer> hidden, JsonParser parser, JsonGenerator generator) throws IOException {
        generator.writeStartObject();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            generator.writeFieldName(name);
            parser.nextToken();
            if (!name.equals("vocab")) {
                generator.copyCurrentStructure(parser);
                continue;
            }
            generator.writeStartArray();
            for (int id = 0; parser.nextToken() == JsonToken.START_ARRAY; id++) {
                parser.nextToken();
                generator.writeStartArray();
                generator.writeString(hidden.contains(id) ? Unfindable.spelling(id) : parser.getText());
                parser.nextToken();
                generator.writeNumber(parser.getText());
                generator.writeEndArray();
                parser.nextToken();
            }
            generator.writeEndArray();
        }
        generator.writeEndObject();
    }
}
