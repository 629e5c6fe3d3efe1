package microtome.cli;

import java.util.List;
import java.util.stream.IntStream;
import microtome.model.LanguageModel;
import microtome.model.Site;
import microtome.model.Tap;
import microtome.model.token.TokenSequence;
import microtome.tensor.Layers;
import microtome.tensor.Tensor;

/** The gradient of the mean next-token loss with respect to the output of the embedding. */
final class LossGradient implements Tap {
    private final int[][] prompts;
    private Tensor embedded;
    private Tensor loss;

    private LossGradient(List<TokenSequence> prompts) {
        this.prompts = prompts.stream().map(TokenSequence::ids).toArray(int[][]::new);
    }

    /** {@code [sequences, positions, width]}, row-major; the prompts have one length. */
    static float[] of(LanguageModel model, List<TokenSequence> prompts) {
        try (var _ = model.engine().openScope();
                var tape = model.engine().record()) {
            var ends = new LossGradient(prompts);
            model.run(prompts, ends);
            return tape.gradient(ends.loss, ends.embedded).toFloats();
        }
    }

    @Override
    public boolean wants(Site site) {
        return site.equals(Site.residual(0)) || site.equals(Site.logits());
    }

    @Override
    public Tensor at(Site site, Tensor value) {
        if (site.equals(Site.logits())) {
            loss = meanLoss(value);
        } else {
            embedded = value;
        }
        return value;
    }

    /** The last position predicts nothing that is known. */
    private Tensor meanLoss(Tensor logits) {
        int predictions = prompts[0].length - 1;
        int[] next = IntStream.range(0, prompts.length * predictions)
                .map(i -> prompts[i / predictions][i % predictions + 1])
                .toArray();
        var targets = logits.engine().indices(next, prompts.length, predictions);
        return Layers.crossEntropy(logits.slice(1, 0, predictions), targets)
                .reshape(-1)
                .mean(0);
    }
}
