package microtome.probe.depth;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import microtome.display.InterruptedWorkException;
import microtome.display.Progress;
import microtome.model.LanguageModel;
import microtome.model.Site;
import microtome.model.Tap;
import microtome.model.config.BlockOrder;
import microtome.model.token.TokenSequence;
import microtome.probe.data.Origin;
import microtome.tensor.Tensor;
import microtome.tensor.WaitInterruptedException;

/** Runs prompts once and measures what every block adds as it comes up, so that no activation is kept. */
final class ContributionWork {
    private static final int TOKENS = 1024;

    private final DepthInputs inputs;
    private final LanguageModel model;
    private final boolean withFirst;
    private final List<Map<Quantity, Numbers>> blocks = new ArrayList<>();

    private ContributionWork(DepthInputs inputs, boolean withFirst) {
        this.inputs = inputs;
        this.model = inputs.model();
        this.withFirst = withFirst;
        for (int block = 0; block < model.config().blocks(); block++) {
            var numbers = new EnumMap<Quantity, Numbers>(Quantity.class);
            for (Quantity quantity : Quantity.values()) {
                numbers.put(quantity, new Numbers());
            }
            blocks.add(numbers);
        }
    }

    static Contributions run(DepthInputs inputs, boolean withFirst) {
        var work = new ContributionWork(inputs, withFirst);
        String stopped = work.all();
        List<Contributions.Measured> measured = Arrays.stream(Quantity.values())
                .map(quantity -> new Contributions.Measured(
                        quantity,
                        work.blocks.stream()
                                .map(numbers -> Spread.of(numbers.get(quantity).all()))
                                .toList()))
                .toList();
        return new Contributions(measured, inputs.model().config().order(), withFirst, stopped, work.origin());
    }

    private Origin origin() {
        long single =
                inputs.sequences().stream().filter(tokens -> tokens.size() == 1).count();
        Origin origin = inputs.origin();
        if (!inputs.edits().isEmpty()) {
            origin = origin.remark("the run has edits: " + inputs.edits());
        }
        return single == 0 || withFirst
                ? origin
                : origin.remark(
                        "%d prompts of one token: their position 0 counts, as there is no other, and usually holds a massive activation"
                                .formatted(single));
    }

    private String all() {
        List<List<Integer>> batches = Trial.batches(
                inputs.sequences().stream().mapToInt(TokenSequence::size).toArray(), TOKENS);
        int done = 0;
        try (var progress =
                Progress.of("contributions (prompts)", inputs.sequences().size())) {
            for (List<Integer> batch : batches) {
                run(batch.stream().map(inputs.sequences()::get).toList());
                done += batch.size();
                progress.step(batch.size());
            }
            return "";
        } catch (InterruptedWorkException | WaitInterruptedException stopped) {
            Thread.interrupted(); // heard: what is done is handed on
            return done == inputs.sequences().size()
                    ? ""
                    : "stopped after %d of %d prompts: %s"
                            .formatted(done, inputs.sequences().size(), stopped.getMessage());
        }
    }

    /** One batch counts for all blocks or for none. */
    private void run(List<TokenSequence> sequences) {
        var reader = new Reader(sequences.size(), sequences.getFirst().size());
        Tap tap = inputs.edits().isEmpty()
                ? reader
                : Tap.all(List.of(inputs.edits().tap(model, sequences), reader));
        model.run(sequences, tap);
        for (int block = 0; block < blocks.size(); block++) {
            Map<Quantity, Numbers> numbers = blocks.get(block);
            reader.found
                    .get(block)
                    .forEach((quantity, values) -> numbers.get(quantity).add(values));
        }
    }

    /** Doubles that grow. */
    private static final class Numbers {
        private final List<double[]> parts = new ArrayList<>();

        void add(double[] values) {
            parts.add(values);
        }

        double[] all() {
            return parts.stream().flatMapToDouble(Arrays::stream).toArray();
        }
    }

    /** Copies the four values around a block out of the engine and measures them when the last is there. */
    private final class Reader implements Tap {
        private final int positions;
        private final int[] rows;
        private final List<Map<Quantity, double[]>> found = new ArrayList<>();
        private float[] before;
        private float[] attention;
        private float[] middle;
        private float[] mlp;

        Reader(int sequences, int positions) {
            this.positions = positions;
            int first = withFirst || positions == 1 ? 0 : 1;
            this.rows = IntStream.range(0, sequences * positions)
                    .filter(row -> row % positions >= first)
                    .toArray();
        }

        @Override
        public boolean wants(Site site) {
            return switch (site.kind()) {
                case RESIDUAL, ATTENTION_OUTPUT, MLP_OUTPUT -> true;
                case RESIDUAL_MIDDLE -> model.config().order() == BlockOrder.NORM_OF_SUM;
                default -> false;
            };
        }

        @Override
        public Tensor at(Site site, Tensor value) {
            float[] values = value.toFloats();
            requireFinite(site, values);
            switch (site.kind()) {
                case ATTENTION_OUTPUT -> attention = values;
                case RESIDUAL_MIDDLE -> middle = values;
                case MLP_OUTPUT -> mlp = values;
                default -> { // the stream after a block
                    if (site.index() > 0) {
                        found.add(measure(values));
                    }
                    before = values;
                }
            }
            return value;
        }

        private void requireFinite(Site site, float[] values) {
            int width = model.config().width();
            for (int i = 0; i < values.length; i++) {
                if (!Float.isFinite(values[i])) {
                    throw new ArithmeticException(
                            "%s, position %d, element %d is %s: the model's values left the range of its number type; run it in F32, and check the weight file if it already does"
                                    .formatted(site, i / width % positions, i % width, values[i]));
                }
            }
        }

        private Map<Quantity, double[]> measure(float[] after) {
            var numbers = new EnumMap<Quantity, double[]>(Quantity.class);
            for (Quantity quantity : Quantity.values()) {
                numbers.put(quantity, new double[rows.length]);
            }
            var vectors =
                    new BlockVectors(model.config().order(), model.config().width());
            for (int i = 0; i < rows.length; i++) {
                vectors.take(rows[i], before, attention, middle, mlp, after);
                for (Quantity quantity : Quantity.values()) {
                    numbers.get(quantity)[i] = vectors.measure(quantity);
                }
            }
            return numbers;
        }
    }
}
