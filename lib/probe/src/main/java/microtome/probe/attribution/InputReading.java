package microtome.probe.attribution;

import java.util.List;
import microtome.model.Site;
import microtome.probe.data.Integration;
import microtome.probe.data.PathIntegral;
import microtome.tensor.DType;
import microtome.tensor.Engine;
import microtome.tensor.Tensor;

/** Gradients of the metric with respect to what the embedding gives. */
final class InputReading {
    private static final List<Site> EMBEDDING = List.of(Site.embedding());

    private final Question question;
    private final Engine engine;
    private final EmbeddedPasses passes;
    private final Embeddings embeddings;

    InputReading(Question question) {
        this.question = question;
        this.engine = question.model().engine();
        this.passes = new EmbeddedPasses(question, Readout.of(question.model(), question.metric()));
        this.embeddings = new Embeddings(question.model());
    }

    /** From the baseline to the prompt. */
    IntegratedGradients.Values integrated(Baseline baseline, Integration integration) {
        try (var scope = engine.openScope()) {
            Tensor prompt = embeddings.of(question);
            Tensor beginning = embeddings.of(baseline, question.tokens());
            var path = new PathIntegral(beginning, prompt, "integrated gradients");
            float[] ends = passes.at(scope, path.at(0, 1), EMBEDDING).values().toFloats();
            Tensor average = path.averages(integration, (inner, points) -> passes.at(inner, points, EMBEDDING))
                    .getFirst();
            double[] tokens = overWidth(path.difference().times(average));
            return new IntegratedGradients.Values(tokens, ends[1], ends[0]);
        }
    }

    /** At the prompt itself. */
    InputGradients.Values atPrompt() {
        try (var scope = engine.openScope();
                var tape = engine.record().freeing()) {
            Tensor prompt = embeddings.of(question);
            PathIntegral.Evaluated found = passes.at(scope, prompt, EMBEDDING);
            Tensor one = engine.filled(1, DType.F32, 1);
            Tensor gradient = tape.gradients(List.of(found.values()), List.of(one), List.of(prompt))
                    .getFirst();
            return new InputGradients.Values(
                    overWidth(prompt.times(gradient)),
                    overWidth(gradient.times(gradient).sum(-1).sqrt()),
                    found.values().toFloats()[0]);
        }
    }

    /** {@code [1, positions, width]} summed to one number per position. */
    private static double[] overWidth(Tensor products) {
        float[] sums = products.sum(-1).toFloats();
        var numbers = new double[sums.length];
        for (int i = 0; i < sums.length; i++) {
            numbers[i] = sums[i];
        }
        return numbers;
    }
}
