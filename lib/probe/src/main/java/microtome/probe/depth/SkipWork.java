package microtome.probe.depth;

import java.util.ArrayList;
import java.util.List;
import microtome.display.InterruptedWorkException;
import microtome.display.Progress;
import microtome.model.LanguageModel;
import microtome.model.config.ModelConfig;
import microtome.probe.data.Origin;
import microtome.tensor.WaitInterruptedException;

/** Skips block after block, batch after batch of trials, until it is done or stopped. */
final class SkipWork {
    /** Tokens of one batch; more would not make products faster and takes memory. */
    private static final int TOKENS = 1024;

    /** Bytes of original probabilities that are kept for one batch, unless a single prompt needs more. */
    private static final long PROBABILITIES = 256L << 20;

    private final LanguageModel model;
    private final SkipReach reach;
    private final SkipOptions options;
    private final List<Trial> trials;
    private final boolean withOutput;
    private final SkipEffects effects;

    private SkipWork(DepthInputs inputs, SkipReach reach, SkipOptions options, List<Trial> trials) {
        this.model = inputs.model();
        this.reach = reach;
        this.options = options;
        this.trials = trials;
        this.withOutput = options.withOutput() && model.config().hasLogits();
        this.effects = SkipEffects.of(trials.size(), model.config().blocks());
    }

    static SkipEffect run(DepthInputs inputs, SkipReach reach, SkipOptions options) {
        requirePlain(inputs);
        List<Trial> trials = switch (reach) {
            case CURRENT, LOCAL -> Trial.everywhere(inputs);
            case FUTURE -> {
                requireFuture(inputs.model().config());
                yield Trial.future(inputs, options);
            }
        };
        requireTrials(inputs, reach, trials);
        var work = new SkipWork(inputs, reach, options, trials);
        String stopped = work.all();
        List<String> groups = trials.stream()
                .map(trial -> inputs.groups().get(trial.prompt()))
                .toList();
        return new SkipEffect(
                reach, options, work.effects.later(), work.effects.output(), groups, stopped, work.origin(inputs));
    }

    private static void requirePlain(DepthInputs inputs) {
        if (!inputs.edits().isEmpty()) {
            throw new IllegalArgumentException(
                    "this run has edits (%s); blocks are skipped in plain runs only: ask model.run(text).depth() without them"
                            .formatted(inputs.edits()));
        }
    }

    private static void requireFuture(ModelConfig config) {
        if (!config.attention().causal()) {
            throw new IllegalArgumentException(
                    "a model of family %s has no future tokens: every token sees those after it; ask for current() or local()"
                            .formatted(config.family()));
        }
    }

    private static void requireTrials(DepthInputs inputs, SkipReach reach, List<Trial> trials) {
        if (trials.isEmpty()) {
            int longest = inputs.sequences().stream()
                    .mapToInt(tokens -> tokens.size())
                    .max()
                    .orElseThrow();
            throw new IllegalArgumentException("%s: the longest prompt has %d tokens; %s"
                    .formatted(
                            reach.label(),
                            longest,
                            reach == SkipReach.FUTURE
                                    ? "need at least 13, so that 8 can be read before a cut and more than 4 after it"
                                    : "need at least 2, as position 0 is never skipped"));
        }
    }

    private Origin origin(DepthInputs inputs) {
        Origin origin = inputs.origin();
        int asked = reach == SkipReach.FUTURE
                ? Math.min(options.futurePrompts(), inputs.sequences().size())
                : inputs.sequences().size();
        long used = trials.stream().mapToInt(Trial::prompt).distinct().count();
        if (used < asked) {
            origin = origin.remark("%d of %d prompts were too short and left out".formatted(asked - used, asked));
        }
        if (options.withOutput() && !withOutput) {
            origin = origin.remark("no output effect: a model of family %s gives no logits"
                    .formatted(model.config().family()));
        }
        return switch (model.config().order()) {
            case NORM_OF_SUM ->
                origin.remark(
                        "post-norm model: what a block adds is the difference of the streams before and after it, and norms stand between");
            case NORM_FIRST, PARALLEL, NORM_AROUND, NORM_OF_BRANCH -> origin;
        };
    }

    /** Fills in all effects; says why it stopped, or an empty text if it did not. */
    private String all() {
        int blocks = model.config().blocks();
        List<List<Integer>> batches =
                Trial.batches(trials.stream().mapToInt(Trial::length).toArray(), mostTokens());
        int done = 0;
        try (var progress = Progress.of(
                "skipping blocks, %s (blocks of prompts)".formatted(reach.label()),
                (long) trials.size() * blocks * (blocks + 1) / 2)) {
            for (List<Integer> batch : batches) {
                batch(batch, progress);
                done += batch.size();
            }
            return "";
        } catch (InterruptedWorkException | WaitInterruptedException stopped) {
            Thread.interrupted(); // heard: what is done is handed on
            return afterStop(batches, done, stopped.getMessage());
        }
    }

    /** Whole prompts are worth more than rows over different prompts; without a whole one, whole rows are. */
    private String afterStop(List<List<Integer>> batches, int done, String message) {
        if (done > 0) {
            int seen = 0;
            for (List<Integer> batch : batches) {
                if (seen >= done) {
                    batch.forEach(effects::clear);
                }
                seen += batch.size();
            }
        }
        return "stopped after %d of %d trials: %s".formatted(done, trials.size(), message);
    }

    private int mostTokens() {
        long ofProbabilities =
                PROBABILITIES / (Float.BYTES * (long) model.config().vocabulary());
        return withOutput ? (int) Math.min(TOKENS, ofProbabilities) : TOKENS;
    }

    private void batch(List<Integer> places, Progress progress) {
        int blocks = model.config().blocks();
        try (var scope = model.engine().openScope()) {
            var batch = new SkipBatch(model, places.stream().map(trials::get).toList(), options.part(), scope);
            var distance =
                    withOutput ? new OutputDistance(model, batch.measuredRows(), batch.stream(blocks), scope) : null;
            for (int block = 0; block < blocks; block++) {
                skip(batch, block, distance, places);
                progress.step((long) places.size() * (blocks - block));
            }
        }
    }

    private void skip(SkipBatch batch, int block, OutputDistance distance, List<Integer> places) {
        var found = new ArrayList<double[]>();
        places.forEach(place -> found.add(effects.later()[place][block]));
        try (var scope = model.engine().openScope()) {
            SkipBatch.Consequence consequence = switch (reach) {
                case CURRENT, FUTURE -> batch.propagated(block, scope);
                case LOCAL -> batch.local(block, scope);
            };
            if (distance != null) {
                double[] distances = distance.of(consequence.last());
                int row = 0;
                for (int place : places) {
                    double largest = 0;
                    for (int i = 0; i < trials.get(place).rows(); i++) {
                        largest = Math.max(largest, distances[row++]);
                    }
                    effects.output()[place][block] = largest;
                }
            }
            batch.read(consequence.squares(), block, found.toArray(double[][]::new));
        }
    }
}
