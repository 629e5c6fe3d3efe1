package microtome.probe.attribution;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import microtome.model.Harvest;
import microtome.model.LanguageModel;
import microtome.model.Site;
import microtome.model.token.TokenSequence;
import microtome.tensor.DType;
import microtome.tensor.Scope;
import microtome.tensor.Tensor;

/** What the embedding gives for prompts and for baselines, with positions where the model learned them. */
final class Embeddings {
    private static final int SEQUENCES = 4096;

    private final LanguageModel model;

    Embeddings(LanguageModel model) {
        this.model = model;
    }

    /** The embedding of a prompt as its run has it, edits included: {@code [1, positions, width]}. */
    Tensor of(Question question) {
        try (var scope = model.engine().openScope()) {
            var harvest = new Harvest(scope, List.of(Site.embedding()));
            question.run(List.of(question.tokens()), harvest);
            return scope.keep(harvest.get(Site.embedding()));
        }
    }

    /** The embedding of a prompt, {@code [1, positions, width]}. */
    Tensor of(TokenSequence tokens) {
        return of(List.of(tokens));
    }

    /** The embedding of a baseline for a prompt, {@code [1, positions, width]}. */
    Tensor of(Baseline baseline, TokenSequence prompt) {
        return switch (baseline) {
            case Baseline.Prompt(var tokens) -> of(EqualLength.require("integrated gradients", prompt, tokens));
            case Baseline.Token(int id) -> of(repeated(id, prompt.size()));
            case Baseline.MeanEmbedding() -> mean(prompt);
            case Baseline.ExceptFirst(var rest) -> exceptFirst(rest, prompt);
            case Baseline.ZeroEmbedding() ->
                model.engine()
                        .filled(0, DType.F32, 1, prompt.size(), model.config().width());
        };
    }

    private Tensor exceptFirst(Baseline rest, TokenSequence prompt) {
        try (var scope = model.engine().openScope()) {
            Tensor own = of(prompt);
            Tensor all = of(rest, prompt);
            return scope.keep(
                    prompt.size() == 1
                            ? own
                            : Tensor.concat(1, List.of(own.slice(1, 0, 1), all.slice(1, 1, prompt.size()))));
        }
    }

    /** The mean over the vocabulary at position 0, moved to every position by what one token gains there. */
    private Tensor mean(TokenSequence prompt) {
        try (var scope = model.engine().openScope()) {
            Tensor same = of(repeated(prompt.token(0).id(), prompt.size()));
            Tensor gained = same.minus(same.slice(1, 0, 1));
            return scope.keep(
                    gained.plus(sumOfVocabulary(scope).dividedBy(model.config().vocabulary())));
        }
    }

    private Tensor sumOfVocabulary(Scope outer) {
        int vocabulary = model.config().vocabulary();
        var sums = new ArrayList<Tensor>();
        for (int first = 0; first < vocabulary; first += SEQUENCES) {
            try (var scope = model.engine().openScope()) {
                var sequences = IntStream.range(first, Math.min(vocabulary, first + SEQUENCES))
                        .mapToObj(TokenSequence::ofIds)
                        .toList();
                sums.add(outer.adopt(scope.keep(of(sequences).sum(0))));
            }
        }
        return Tensor.concat(0, sums).sum(0);
    }

    /** {@code [sequences, positions, width]}; the pass ends with the embedding. */
    private Tensor of(List<TokenSequence> sequences) {
        try (var scope = model.engine().openScope()) {
            var harvest = new Harvest(scope, List.of(Site.embedding()));
            model.run(sequences, harvest);
            return scope.keep(harvest.get(Site.embedding()));
        }
    }

    private static TokenSequence repeated(int id, int count) {
        var ids = new int[count];
        Arrays.fill(ids, id);
        return TokenSequence.ofIds(ids);
    }
}
