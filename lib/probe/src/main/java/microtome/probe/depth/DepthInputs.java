package microtome.probe.depth;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import microtome.model.LanguageModel;
import microtome.model.corpus.CorpusHarvest;
import microtome.model.corpus.document.Document;
import microtome.model.corpus.document.DocumentCursor;
import microtome.model.edit.Edits;
import microtome.model.edit.RunPlan;
import microtome.model.token.TokenSequence;
import microtome.probe.data.Origin;
import microtome.probe.data.prompt.Prompt;
import microtome.probe.data.prompt.PromptSet;

/**
 * The token sequences that a question about depth is asked of.
 *
 * @param groups for each sequence the group it is compared as; empty for none
 * @param edits of a single run; none for many
 */
record DepthInputs(
        LanguageModel model, List<TokenSequence> sequences, List<String> groups, Edits edits, Origin origin) {
    DepthInputs {
        sequences = List.copyOf(sequences);
        groups = List.copyOf(groups);
    }

    static DepthInputs of(RunPlan run) {
        String inputs = "1 prompt of %d tokens".formatted(run.tokens().size());
        return new DepthInputs(
                run.model(), List.of(run.tokens()), List.of(""), run.edits(), Origin.of(run.model(), inputs, ""));
    }

    static DepthInputs of(LanguageModel model, List<TokenSequence> sequences) {
        if (sequences.isEmpty()) {
            throw new IllegalArgumentException("no prompts given; give at least one sequence of tokens");
        }
        return new DepthInputs(
                model,
                sequences,
                sequences.stream().map(_ -> "").toList(),
                Edits.none(),
                Origin.of(model, "%d prompts".formatted(sequences.size()), ""));
    }

    static DepthInputs of(LanguageModel model, PromptSet prompts) {
        return new DepthInputs(
                model,
                prompts.texts().stream().map(model.tokenizer()::encode).toList(),
                prompts.prompts().stream().map(DepthInputs::group).toList(),
                Edits.none(),
                Origin.of(model, "%d prompts of \"%s\"".formatted(prompts.size(), prompts.name()), prompts.sha256()));
    }

    private static String group(Prompt prompt) {
        return prompt.label().isEmpty() ? prompt.group() : prompt.label();
    }

    /** The first texts of a corpus; of those that are longer than its length, the beginning. */
    static DepthInputs of(CorpusHarvest corpus, int most) {
        LanguageModel model = corpus.model();
        int length = Math.min(corpus.options().length(), model.config().context());
        var sequences = new ArrayList<TokenSequence>();
        boolean cut = false;
        try (DocumentCursor documents = corpus.documents().open()) {
            while (sequences.size() < most && documents.hasNext()) {
                Document document = documents.next();
                if (!document.isEmpty()) {
                    TokenSequence whole = tokens(model, document);
                    cut |= whole.size() > length;
                    sequences.add(whole.size() > length ? beginning(whole, length) : whole);
                }
            }
        }
        if (sequences.isEmpty()) {
            throw new IllegalArgumentException("%s: no text in it has anything to read".formatted(corpus.documents()));
        }
        Origin origin = Origin.of(
                model,
                "the first %d texts of %s".formatted(sequences.size(), corpus.documents()),
                corpus.documents().fingerprint().orElse(""));
        return new DepthInputs(
                model,
                sequences,
                sequences.stream().map(_ -> "").toList(),
                Edits.none(),
                cut
                        ? origin.remark("of texts longer than %d tokens only the beginning was read".formatted(length))
                        : origin);
    }

    private static TokenSequence tokens(LanguageModel model, Document document) {
        return switch (document.content()) {
            case Document.Content.Tokens(TokenSequence tokens) -> tokens;
            case Document.Content.Text(String text) -> model.tokenizer().encode(text);
        };
    }

    private static TokenSequence beginning(TokenSequence whole, int length) {
        return TokenSequence.ofIds(IntStream.of(whole.ids()).limit(length).toArray());
    }
}
