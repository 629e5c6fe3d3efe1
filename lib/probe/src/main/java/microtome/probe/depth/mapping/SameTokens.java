package microtome.probe.depth.mapping;

import java.util.Arrays;
import microtome.model.LanguageModel;
import microtome.model.corpus.document.Document;
import microtome.model.corpus.document.Documents;
import microtome.model.token.Tokenizer;

/** Two models can be laid beside each other token by token only if they read the same tokens. */
final class SameTokens {
    private static final int TRIED = 10;

    private SameTokens() {}

    /**
     * Passes if both models read these texts alike.
     *
     * @throws IllegalArgumentException if they do not; the message shows the first difference
     */
    static void require(LanguageModel first, LanguageModel second, Documents texts) {
        if (first == second) {
            return;
        }
        if (first.hasTokenizer() && second.hasTokenizer()) {
            requireVocabulary(first, second);
            requireTexts(first, second, texts);
        } else if (first.config().vocabulary() != second.config().vocabulary()) {
            throw different(
                    first,
                    second,
                    "%d and %d rows of the embedding"
                            .formatted(
                                    first.config().vocabulary(), second.config().vocabulary()));
        }
    }

    private static void requireVocabulary(LanguageModel first, LanguageModel second) {
        Tokenizer left = first.tokenizer();
        Tokenizer right = second.tokenizer();
        if (left.vocabularySize() != right.vocabularySize()) {
            throw different(first, second, "%d and %d tokens".formatted(left.vocabularySize(), right.vocabularySize()));
        }
        for (int id = 0; id < left.vocabularySize(); id++) {
            if (!left.token(id).equals(right.token(id))) {
                throw different(
                        first,
                        second,
                        "token %d is '%s' for one and '%s' for the other"
                                .formatted(
                                        id,
                                        left.token(id).text(),
                                        right.token(id).text()));
            }
        }
    }

    private static void requireTexts(LanguageModel first, LanguageModel second, Documents texts) {
        try (var cursor = texts.open()) {
            for (int tried = 0; tried < TRIED && cursor.hasNext(); tried++) {
                Document document = cursor.next();
                if (document.content() instanceof Document.Content.Text(String text) && !document.isEmpty()) {
                    int[] left = first.tokenizer().encode(text).ids();
                    int[] right = second.tokenizer().encode(text).ids();
                    if (!Arrays.equals(left, right)) {
                        throw different(
                                first,
                                second,
                                "%s has %d tokens for one and %d for the other, from position %d on"
                                        .formatted(
                                                document.source(),
                                                left.length,
                                                right.length,
                                                Arrays.mismatch(left, right)));
                    }
                }
            }
        }
    }

    private static IllegalArgumentException different(LanguageModel first, LanguageModel second, String how) {
        return new IllegalArgumentException(
                "maps between %s and %s: the two do not read the same tokens (%s), so their layers have no rows in common; compare models with one tokenizer, such as two sizes or two checkpoints of one family"
                        .formatted(first.card().name(), second.card().name(), how));
    }
}
