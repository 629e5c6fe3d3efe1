package microtome.tensor.conformance;

import static microtome.tensor.DType.BF16;
import static microtome.tensor.DType.F16;
import static microtome.tensor.DType.F32;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import microtome.tensor.BackendException;
import microtome.tensor.DType;
import microtome.tensor.Decomposition;
import microtome.tensor.Engine;
import microtome.tensor.Examples;
import microtome.tensor.Op;
import microtome.tensor.SparseEncoder;
import microtome.tensor.SparseEncoder.Activation;
import microtome.tensor.SparseRows;
import microtome.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** The encoders of dictionaries: each equals its decomposition, and the shortest loops that say it. */
public abstract class SparseConformance extends BackendConformance {
    private static final DType[] TYPES = {F32, BF16, F16};

    /** For subclasses. */
    protected SparseConformance() {}

    /** Small whole numbers: all sums are exact in every type and order, and equals are many. */
    private Host whole(DType type, int most, long... extents) {
        long count = 1;
        for (long extent : extents) {
            count *= extent;
        }
        return Host.of(
                type, random().ints(count, -most, most + 1).asDoubleStream().toArray(), extents);
    }

    private record Layer(Host x, Host weight, Host bias, Host threshold) {
        double[][] preActivations() {
            var z = new double[x.extent(0)][weight.extent(0)];
            for (int t = 0; t < z.length; t++) {
                for (int f = 0; f < z[t].length; f++) {
                    z[t][f] = bias.values()[f];
                    for (int k = 0; k < x.extent(1); k++) {
                        z[t][f] += x.values()[t * x.extent(1) + k] * weight.values()[f * x.extent(1) + k];
                    }
                }
            }
            return z;
        }
    }

    private Layer layer(DType type, int tokens, int width, int features) {
        return new Layer(
                whole(type, 3, tokens, width),
                whole(type, 2, features, width),
                whole(F32, 4, features),
                whole(F32, 3, features));
    }

    private List<Tensor> weights(Layer layer) {
        var plain = layer.weight().on(engine());
        return List.of(plain, engine().pack(plain, F32), engine().pack(plain, BF16));
    }

    private static void assertRow(SparseRows.Row row, double[] z, List<Integer> places) {
        var used = places.stream().filter(place -> z[place] > 0).toList();
        assertThat(row.places())
                .containsExactly(used.stream().mapToInt(Integer::intValue).toArray());
        for (int i = 0; i < row.values().length; i++) {
            assertThat((double) row.values()[i]).isEqualTo(z[row.places()[i]]);
        }
    }

    @Test
    void theLargestFeaturesOfEveryToken() {
        for (var type : TYPES) {
            for (int features : AWKWARD) {
                var layer = layer(type, 5, 33, features);
                int count = Math.min(features, 9);
                var z = layer.preActivations();
                for (var weight : weights(layer)) {
                    var encoder =
                            new SparseEncoder(weight, layer.bias().on(engine()), null, new Activation.TopK(count));
                    var rows = encoder.encode(layer.x().on(engine())).rows();
                    for (int t = 0; t < z.length; t++) {
                        var row = z[t];
                        var order = IntStream.range(0, features)
                                .boxed()
                                .sorted(Comparator.comparingDouble(place -> -row[place]))
                                .limit(count)
                                .toList();
                        assertRow(rows.get(t), row, order);
                    }
                }
            }
        }
    }

    @Test
    void theActiveFeaturesOfEveryToken() {
        for (var type : TYPES) {
            for (int features : AWKWARD) {
                var layer = layer(type, 5, 31, features);
                var z = layer.preActivations();
                for (var weight : weights(layer)) {
                    for (boolean jumps : new boolean[] {true, false}) {
                        var activation = jumps
                                ? new Activation.JumpRelu(layer.threshold().on(engine()), features + 2)
                                : new Activation.Relu(features);
                        var encoder = new SparseEncoder(weight, layer.bias().on(engine()), null, activation);
                        var rows = encoder.encode(layer.x().on(engine()));
                        var counts = rows.counts();
                        for (int t = 0; t < z.length; t++) {
                            var row = z[t];
                            var on = IntStream.range(0, features)
                                    .filter(f -> row[f]
                                            > Math.max(
                                                    0, jumps ? layer.threshold().values()[f] : 0))
                                    .boxed()
                                    .toList();
                            assertRow(rows.rows().get(t), row, on);
                            assertThat(counts[t]).isEqualTo(on.size());
                        }
                    }
                }
            }
        }
    }

    @Test
    void everyEncodingEqualsItsDecomposition() {
        for (var type : TYPES) {
            for (int tokens : AWKWARD) {
                var layer = layer(type, tokens, 16, 67);
                for (var op : List.of(
                        new Op.SparseEncode(Op.SparseEncode.Choice.LARGEST, 5),
                        new Op.SparseEncode(Op.SparseEncode.Choice.ACTIVE, 67))) {
                    var inputs = new ArrayList<>(List.of(
                            layer.x().on(engine()),
                            layer.weight().on(engine()),
                            layer.bias().on(engine())));
                    if (op.choice() == Op.SparseEncode.Choice.ACTIVE) {
                        inputs.add(layer.threshold().on(engine()));
                    }
                    var whole = Decomposition.of(op, inputs);
                    var fused = engine().apply(op, inputs.toArray(Tensor[]::new));
                    assertThat(fused.type()).isEqualTo(whole.type());
                    assertExact(fused, whole.toDoubles());
                }
            }
        }
    }

    @Test
    void theVectorsThatCanBeCheckedByHand() {
        var weight = Host.of(F32, new double[] {1, 0, .5, 0, 1, -.5, -1, .5, 1, .5, -1, 0}, 4, 3);
        var bias = Host.of(F32, new double[] {.1, -.2, .3, 0}, 4).on(engine());
        var decoder = Host.of(F32, new double[] {1, 0, 0, 0, 1, 0, 0, 0, 1, .6, -.8, 0}, 4, 3)
                .on(engine());
        var centre = Host.of(F32, new double[] {.1, .2, -.1}, 3).on(engine());
        var x = Host.of(F32, new double[] {1, -2, .5}, 1, 3).on(engine());
        var relu = new SparseEncoder(weight.on(engine()), bias, centre, new Activation.Relu(4)).encode(x);
        var close = Tolerance.ofSum(F32, 8);
        assertThat(relu.rows().getFirst().places()).containsExactly(0, 3);
        assertClose(relu.times(decoder, centre), expected(2.99, -1.92, -.1), close);
        var plain = new SparseEncoder(weight.on(engine()), bias, null, new Activation.Relu(4)).encode(x);
        assertClose(plain.times(decoder, centre), expected(2.95, -1.8, -.1), close);
        var threshold = Host.of(F32, new double[] {1.5, .5, .1, 2}, 4).on(engine());
        for (var activation : List.of(new Activation.TopK(1), new Activation.JumpRelu(threshold, 2))) {
            var one = new SparseEncoder(weight.on(engine()), bias, centre, activation).encode(x);
            assertThat(one.rows().getFirst().places()).containsExactly(3);
            assertClose(one.times(decoder, centre), expected(1.69, -1.92, -.1), close);
        }
    }

    private static Expected expected(double... values) {
        return new Expected(values, Expected.map(values, _ -> 6));
    }

    @Test
    void aTokenWithTooManyFeaturesSaysHowMany() {
        var weight = Host.of(F32, new double[] {1, 1, 1, -1}, 4, 1).on(engine());
        var bias = Host.of(F32, new double[4], 4).on(engine());
        var x = Host.of(F32, new double[] {-1, 1, 0}, 3, 1).on(engine());
        var encoder = new SparseEncoder(weight, bias, null, new Activation.Relu(2));
        assertThatThrownBy(() -> encoder.encode(x).rows())
                .isInstanceOf(BackendException.class)
                .hasMessage("sparseEncode: token 1 has 3 active features, but there is room for 2; allow 3 or more");
        assertThat(new SparseEncoder(weight, bias, null, new Activation.Relu(3))
                        .encode(x)
                        .counts())
                .containsExactly(1, 3, 0);
    }

    @Test
    void whatDoesNotFitIsRefusedAtOnce() {
        var weight = normal(F32, 4, 3).on(engine());
        var bias = normal(F32, 4).on(engine());
        var wide = normal(F32, 2, 5).on(engine());
        assertThatThrownBy(() -> new SparseEncoder(weight, bias, null, new Activation.TopK(1)).encode(wide))
                .hasMessage("sparseEncode: x [2, 5] is 5 wide, but weight [4, 3] [features, width] reads 3; "
                        + "x must come from the site the dictionary was trained on");
        var x = normal(F32, 2, 3).on(engine());
        assertThatThrownBy(() -> new SparseEncoder(weight, bias, null, new Activation.TopK(5)).encode(x))
                .hasMessage("sparseEncode: 5 slots for 4 features; need 1 slot or more, not more than features, "
                        + "and at most 16777216 features");
        var rows = new SparseEncoder(weight, bias, null, new Activation.TopK(2)).encode(x);
        assertThatThrownBy(() -> rows.times(weight.slice(0, 0, 3), null))
                .hasMessage("sparse rows: table [3, 3] for rows of 4 columns; it must be [4, width]");
    }

    @Test
    void nothingToEncode() {
        var encoder = new SparseEncoder(
                normal(F32, 4, 3).on(engine()), normal(F32, 4).on(engine()), null, new Activation.TopK(2));
        var rows = encoder.encode(engine().filled(0, F32, 0, 3));
        assertThat(rows.rows()).isEmpty();
        assertThat(rows.times(normal(F32, 4, 3).on(engine()), null).shape().extents())
                .containsExactly(0, 3);
    }

    @Test
    void gradientsFlowThroughTheChosenFeaturesOnly() {
        var layer = layer(F32, 7, 12, 33);
        var upstream = whole(F32, 3, 7, 4);
        for (var weight : weights(layer).subList(0, 2)) {
            try (var _ = engine().openScope();
                    var tape = engine().record()) {
                var x = layer.x().on(engine());
                var bias = layer.bias().on(engine());
                var rows = new SparseEncoder(weight, bias, null, new Activation.TopK(4)).encode(x);
                var gradients =
                        tape.gradients(List.of(rows.values()), List.of(upstream.on(engine())), List.of(x, bias));
                var places = rows.places().toInts();
                var values = rows.values().toFloats();
                var ofX = new double[7 * 12];
                var ofBias = new double[33];
                for (int i = 0; i < places.length; i++) {
                    if (values[i] == 0) {
                        continue; // a tie of max(z, 0) at 0 has no slope that both sides must share
                    }
                    ofBias[places[i]] += upstream.values()[i];
                    for (int k = 0; k < 12; k++) {
                        ofX[i / 4 * 12 + k] +=
                                upstream.values()[i] * layer.weight().values()[places[i] * 12 + k];
                    }
                }
                assertThat(values).as("all chosen features are on").doesNotContain(0f);
                assertExact(gradients.get(0), ofX);
                assertExact(gradients.get(1), ofBias);
            }
        }
    }

    @Test
    void theBestExamplesOfBatchesAreThoseOfAllRows() {
        for (var type : TYPES) {
            for (int features : AWKWARD) {
                var examples = Examples.none(engine(), features, 4);
                var all = new ArrayList<double[]>();
                for (int count : new int[] {2, 0, 1, 33}) {
                    var rows = whole(type, 9, count, features);
                    examples = examples.with(rows.on(engine()));
                    for (int row = 0; row < count; row++) {
                        all.add(Arrays.copyOfRange(rows.values(), row * features, (row + 1) * features));
                    }
                    assertBest(examples.top(), all, 4);
                }
                assertThat(examples.seen()).isEqualTo(36);
            }
        }
    }

    private static void assertBest(List<Examples.Top> top, List<double[]> rows, int slots) {
        for (int feature = 0; feature < top.size(); feature++) {
            int column = feature;
            var order = IntStream.range(0, rows.size())
                    .boxed()
                    .sorted(Comparator.comparingDouble(row -> -rows.get(row)[column]))
                    .limit(slots)
                    .toList();
            assertThat(top.get(feature).examples())
                    .containsExactly(order.stream().mapToLong(row -> row).toArray());
            assertThat(top.get(feature).activations())
                    .containsExactly(order.stream()
                            .mapToDouble(row -> rows.get(row)[column] + 0.0)
                            .toArray());
        }
    }

    @Test
    void examplesEqualTheirDecompositionOnTheReference() {
        try (var reference = Engine.open("reference")) {
            var values = whole(F32, 5, 127, 31).values();
            values[40] = Double.NaN;
            var rows = Host.of(F32, values, 127, 31);
            long first = 1L << 40;
            var op = new Op.UpdateExamples(first);
            var fused = engine().apply(op, Examples.none(engine(), 31, 6).state(), rows.on(engine()));
            var state = Examples.none(reference, 31, 6).state();
            var parts = Decomposition.of(op, List.of(state, rows.on(reference)));
            assertThat(fused.type()).isEqualTo(parts.type());
            assertExact(fused, parts.toDoubles());
        }
    }

    @Test
    void examplesSayWhatDoesNotFit() {
        var examples = Examples.none(engine(), 3, 2);
        assertThatThrownBy(() -> examples.with(normal(F32, 2, 4).on(engine())))
                .hasMessage("examples: activations [2, 4] for a state of F64 [2, 3, 2]; "
                        + "start with Examples.none(engine, 4, slots)");
        var late = new Examples(examples.state(), 1L << 53);
        assertThatThrownBy(() -> late.with(normal(F32, 2, 3).on(engine())))
                .hasMessage("examples: 2 rows from example 9007199254740992 on; numbers go from 0 to 2^53");
        assertThat(examples.top().getFirst().examples()).isEmpty();
    }
}
