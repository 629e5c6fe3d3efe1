package microtome.cli.bench;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import microtome.model.LanguageModel;
import microtome.model.LoadOptions;
import microtome.model.Site;
import microtome.model.store.ModelFiles;
import microtome.model.token.TokenSequence;
import microtome.probe.attribution.Attribution;
import microtome.probe.attribution.Baseline;
import microtome.probe.attribution.DirectAttribution;
import microtome.probe.attribution.LogitMetric;
import microtome.probe.data.Integration;

/**
 * Attributions of a logit difference, 1 x 16 tokens in F32, against forward passes: what they would cost value by value is
 * one pass each.
 */
final class AttributionBench implements Benchmark {
    private static final int POSITIONS = 16;
    private static final int STEPS = 16;
    private static final double BOUND = 1e-4;
    private static final Turns TURNS = new Turns(1, 1, 7);

    private final ModelFiles files;

    AttributionBench(ModelFiles files) {
        this.files = files;
    }

    @Override
    public List<Result> run() {
        try (var model = LanguageModel.load(files, LoadOptions.DEFAULT)) {
            int[] passage = model.tokenizer().encode(Passage.text()).ids();
            var tokens = TokenSequence.ofIds(Arrays.copyOf(passage, POSITIONS));
            var corrupt = TokenSequence.ofIds(Arrays.copyOfRange(passage, 1, POSITIONS + 1));
            var metric = LogitMetric.difference(model, " Paris", " Rome");
            var attribution = Attribution.of(model, tokens, metric);
            Runnable pass = () -> model.activations(
                    tokens, List.of(Site.residual(model.config().blocks())));
            var facts = new LinkedHashMap<String, Object>();
            facts.put("device", model.card().device());
            facts.put("checked", checked(attribution.direct().values()));
            return List.of(
                    timed("direct, all parts and heads", attribution::direct, pass, facts),
                    timed(
                            "patching, every part, head and position, both ways",
                            () -> attribution.patching(corrupt),
                            pass,
                            facts),
                    timed(
                            "integrated gradients, %d steps".formatted(STEPS),
                            () -> attribution.integratedGradients(
                                    Baseline.prompt(corrupt), Integration.midpoint(STEPS)),
                            pass,
                            facts));
        }
    }

    private static String checked(DirectAttribution.Values values) {
        double error = Math.abs(values.sum() - values.ofModel()) / Math.abs(values.ofModel());
        String found = "parts sum to the model's logit difference within %.1e (bound %.0e)".formatted(error, BOUND);
        if (!(error <= BOUND)) {
            throw new WrongResult("not timed, because the result is wrong: " + found);
        }
        return found;
    }

    private static Result timed(String what, Runnable job, Runnable pass, LinkedHashMap<String, Object> facts) {
        List<Contender> contenders = List.of(
                Contender.of("microtome", () -> seconds(job)), Contender.of("one forward pass", () -> seconds(pass)));
        return Result.timed("attribution: %s, 1 x %d tokens".formatted(what, POSITIONS), TURNS.take(contenders), facts);
    }

    private static double seconds(Runnable job) {
        long began = System.nanoTime();
        job.run();
        return (System.nanoTime() - began) / 1e9;
    }
}
