package microtome.probe.depth.reading;

import java.util.List;
import java.util.stream.IntStream;
import microtome.display.InterruptedWorkException;
import microtome.display.Progress;
import microtome.model.Harvest;
import microtome.model.LanguageModel;
import microtome.model.Site;
import microtome.probe.data.Depths;
import microtome.probe.data.Integration;
import microtome.probe.data.PathIntegral;
import microtome.probe.data.Provenance;
import microtome.probe.data.ResidualStream;
import microtome.tensor.Engine;
import microtome.tensor.Scope;
import microtome.tensor.Tensor;
import microtome.tensor.WaitInterruptedException;

/** Integrates, depth by depth, the gradient of the answer's probability along a straight way of the whole stream. */
final class GradientWork {
    private final AnsweredPrompt prompt;
    private final LanguageModel model;
    private final GradientOptions options;
    private final List<Integer> depths;
    private final DepthGradients.Values found;
    private final float[][] streams;
    private final Progress progress;

    private GradientWork(
            AnsweredPrompt prompt,
            GradientOptions options,
            List<Integer> depths,
            DepthGradients.Values found,
            Progress progress) {
        this.prompt = prompt;
        this.model = prompt.model();
        this.options = options;
        this.depths = depths;
        this.found = found;
        this.progress = progress;
        this.streams = new float[prompt.blocks() + 1][];
    }

    static DepthGradients run(AnsweredPrompt prompt, GradientOptions options) {
        List<Integer> depths = DepthSteps.of(prompt.blocks(), options.every());
        var found = DepthGradients.Values.nothing(depths.size(), prompt.positions());
        String stopped;
        try (var progress = Progress.of("integrated gradients over depth (points)")) {
            stopped = new GradientWork(prompt, options, depths, found, progress).rows();
        }
        prompt.model().engine().trim(); // what tapes held is far more than runs need
        var asked = new Asked(Provenance.of(prompt.model(), prompt.tokens()), prompt.labels(), prompt.first(), stopped);
        return new DepthGradients(asked, options, depths, found);
    }

    /** Fills row after row; says why it stopped, or nothing if it did not. */
    private String rows() {
        List<Site> sites = depths.stream().map(Site::residual).toList();
        int row = 0;
        try {
            ResidualStream.read(model, prompt.tokens(), sites, (site, rows) -> streams[site.index()] = rows);
            for (; row < depths.size(); row++) {
                row(row, depths.get(row));
                progress.note("depth %s".formatted(Depths.label(depths.get(row))));
            }
        } catch (InterruptedWorkException | WaitInterruptedException stopped) {
            Thread.interrupted(); // heard: what is done is handed on
            return "stopped at depth %s: %s".formatted(Depths.label(depths.get(row)), stopped.getMessage());
        }
        return "";
    }

    private void row(int row, int depth) {
        Integration integration = options.integration();
        integrate(row, depth, integration);
        while (found.gap(row) > DepthGradients.TRUSTED && 2 * integration.steps() <= options.mostSteps()) {
            integration = new Integration(integration.quadrature(), 2 * integration.steps());
            integrate(row, depth, integration);
        }
    }

    private void integrate(int row, int depth, Integration integration) {
        Engine engine = model.engine();
        int positions = prompt.positions();
        long width = model.config().width();
        try (var _ = engine.openScope()) {
            float[] input = streams[depth];
            Tensor from = engine.tensor(baseline(input, positions, options.moveFirst()), 1, positions, width);
            Tensor to = engine.tensor(input, 1, positions, width);
            var path = new PathIntegral(from, to, "integrated gradients");
            List<Tensor> average = path.averages(
                    integration,
                    (scope, points) -> new PathIntegral.Evaluated(probability(scope, depth, points), List.of(points)),
                    progress);
            float[] ends = probability(depth, Tensor.concat(0, List.of(to, from)));
            found.set(
                    row,
                    perPosition(path.difference().toFloats(), average.getFirst().toFloats(), positions),
                    ends,
                    integration.steps());
        }
    }

    private float[] probability(int depth, Tensor points) {
        try (var scope = model.engine().openScope()) {
            return probability(scope, depth, points).toFloats();
        }
    }

    /** The sum of the probabilities of the answer's tokens, {@code [points]}. */
    private Tensor probability(Scope scope, int depth, Tensor points) {
        Site last = Site.residual(prompt.blocks());
        var harvest = new Harvest(scope, List.of(last));
        model.runFrom(depth, points, harvest);
        return prompt.probability(prompt.distributions(harvest.get(last)));
    }

    /**
     * The mean over positions, at every position.
     *
     * @param moveFirst whether the first counts and gets the mean too; else it keeps its value
     * @return {@code [positions, width]}
     */
    static float[] baseline(float[] stream, int positions, boolean moveFirst) {
        int width = stream.length / positions;
        int first = moveFirst || positions == 1 ? 0 : 1;
        float[] baseline = stream.clone();
        for (int i = 0; i < width; i++) {
            double sum = 0;
            for (int position = first; position < positions; position++) {
                sum += stream[position * width + i];
            }
            for (int position = first; position < positions; position++) {
                baseline[position * width + i] = (float) (sum / (positions - first));
            }
        }
        return baseline;
    }

    private static double[] perPosition(float[] difference, float[] gradient, int positions) {
        int width = difference.length / positions;
        return IntStream.range(0, positions)
                .mapToDouble(position -> IntStream.range(position * width, (position + 1) * width)
                        .mapToDouble(i -> (double) difference[i] * gradient[i])
                        .sum())
                .toArray();
    }
}
