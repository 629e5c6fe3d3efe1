package microtome.model.token;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import microtome.model.format.BadWeightFile;
import microtome.model.token.definition.AddedToken;
import microtome.model.token.definition.ByteCoverage;
import microtome.model.token.definition.Pieces;
import microtome.model.token.definition.TokenizerDefinition;
import microtome.model.token.engine.NativeTokenizer;

/** Texts to tokens and back, by one definition. Special tokens in a text are found by one engine and unknown to the other. */
final class Encoder {
    private final TokenizerDefinition definition;
    private final TokenizerDefinition.Entries entries;
    private final NativeTokenizer parsing;
    private final ByteCoverage coverage;
    private NativeTokenizer plain;

    Encoder(TokenizerDefinition definition) {
        this.definition = definition;
        this.entries = definition.entries();
        this.parsing = engine(definition, true);
        this.coverage = new ByteCoverage(entries);
    }

    private static NativeTokenizer engine(TokenizerDefinition definition, boolean withSpecialTokens) {
        try {
            return NativeTokenizer.of(definition.json().text(withSpecialTokens));
        } catch (IllegalArgumentException refused) {
            BadWeightFile bad = new BadWeightFile(
                    definition.source(),
                    "tokenizer",
                    refused.getMessage(),
                    "what the tokenizers library accepts",
                    "the file is damaged or from a newer version; download it again");
            bad.initCause(refused);
            throw bad;
        }
    }

    TokenSequence encode(GivenText given, SpecialTokens special) {
        if (special == SpecialTokens.TEXT
                && !entries.added().occurrences(given.text()).isEmpty()) {
            return framed(given, findPlain(given.text(), true));
        }
        if (entries.pieces() == Pieces.WORD_PIECE) {
            return framed(given, parsing.find(given.text(), true));
        }
        NativeTokenizer.Encoded encoded = parsing.encode(given.text(), true);
        List<Token> tokens = framed(encoded.ids(), encoded.framed());
        if (special == SpecialTokens.TEXT && readsSpecial(tokens, encoded.framed())) {
            return framed(given, findPlain(given.text(), true));
        }
        List<Place> places = given.exactPlaces(tokens, encoded.framed());
        return places == null
                ? framed(given, parsing.find(given.text(), true))
                : new TokenSequence(tokens, textOf(tokens), places);
    }

    /** A unigram model may find a special token in what a text becomes first: full-width letters, say. */
    private boolean readsSpecial(List<Token> tokens, boolean[] framing) {
        if (entries.pieces() == Pieces.SENTENCE_PIECE) {
            for (int index = 0; index < framing.length; index++) {
                if (!framing[index] && tokens.get(index).special()) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The tokens of a rendered chat template. */
    TokenSequence encode(Conversation conversation, List<Message> messages) {
        GivenText given = new GivenText(conversation.text());
        List<Token> tokens = new ArrayList<>();
        List<NativeTokenizer.Found> all = new ArrayList<>();
        for (Conversation.Part part : conversation.parts(entries.added(), messages)) {
            List<NativeTokenizer.Found> found =
                    part.parsed() ? parsing.find(part.text(), false) : findPlain(part.text(), false);
            for (NativeTokenizer.Found token : found) {
                tokens.add(token(token.id(), conversation.rule(part, token)));
                all.add(token.behind(part.start()));
            }
        }
        return located(given, tokens, all);
    }

    private TokenSequence framed(GivenText given, List<NativeTokenizer.Found> found) {
        int[] ids = found.stream().mapToInt(NativeTokenizer.Found::id).toArray();
        return located(given, framed(ids, framing(found)), found);
    }

    private List<Token> framed(int[] ids, boolean[] framing) {
        List<Token> tokens = new ArrayList<>(ids.length);
        boolean before = true;
        for (int index = 0; index < ids.length; index++) {
            before &= framing[index];
            String rule =
                    before ? definition.frame().before() : definition.frame().after();
            tokens.add(token(ids[index], framing[index] ? rule : null));
        }
        return tokens;
    }

    private static boolean[] framing(List<NativeTokenizer.Found> found) {
        boolean[] framing = new boolean[found.size()];
        for (int index = 0; index < framing.length; index++) {
            framing[index] = found.get(index).framed();
        }
        return framing;
    }

    private TokenSequence located(GivenText given, List<Token> tokens, List<NativeTokenizer.Found> found) {
        boolean[] framing = framing(found);
        List<Place> places = entries.pieces() == Pieces.WORD_PIECE ? null : given.exactPlaces(tokens, framing);
        if (places == null) {
            coverage.requireNothingLost(given.text());
            places = given.places(found);
        }
        return new TokenSequence(tokens, textOf(tokens), places);
    }

    /**
     * Without the special tokens. A tokenizer that never heard of them may have numbered the other added tokens anew,
     * so those are known by their spelling.
     */
    private List<NativeTokenizer.Found> findPlain(String text, boolean frame) {
        GivenText given = new GivenText(text);
        return plain().find(text, frame).stream()
                .map(found -> entries.added()
                        .byContent(found.piece())
                        .filter(added -> !found.framed())
                        .map(added -> renumbered(found, added, given))
                        .orElse(found))
                .toList();
    }

    private static NativeTokenizer.Found renumbered(NativeTokenizer.Found found, AddedToken added, GivenText given) {
        if (!added.special()) {
            return found.numbered(added.id());
        }
        if (given.at(given.place(found.from(), found.to())).equals(added.content())) {
            throw new IllegalArgumentException(
                    "the text has '%s', which this tokenizer cannot read but as its special token; ask for that with SpecialTokens.PARSE, or change the text"
                            .formatted(added.content()));
        }
        return found;
    }

    private synchronized NativeTokenizer plain() {
        if (plain == null) {
            plain = engine(definition, false);
        }
        return plain;
    }

    TokenSequence sequence(List<Token> tokens) {
        return new TokenSequence(tokens, textOf(tokens));
    }

    private String textOf(List<Token> tokens) {
        if (entries.pieces() != Pieces.BYTE_LEVEL) {
            return parsing.decode(tokens.stream().mapToInt(Token::id).toArray());
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        tokens.forEach(token -> token.appendTo(bytes));
        return bytes.toString(StandardCharsets.UTF_8);
    }

    Token token(int id, String rule) {
        int size = entries.vocabulary().size();
        if (id < 0 || id >= size) {
            throw new IllegalArgumentException("token id %d does not exist; ids are 0..%d".formatted(id, size - 1));
        }
        Optional<AddedToken> added = entries.added().byId(id);
        byte[] bytes = added.map(token -> token.content().getBytes(StandardCharsets.UTF_8))
                .orElseGet(() -> entries.pieces().bytes(entries.vocabulary().piece(id)));
        boolean special = added.map(AddedToken::special).orElse(false);
        return new Token(id, new String(bytes, StandardCharsets.UTF_8), bytes, special, rule);
    }
}
