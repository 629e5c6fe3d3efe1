package microtome.tensor;

import static microtome.tensor.DType.F64;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A whole pre-norm block with rotary grouped-query attention and a gated MLP, every weight its own, in double precision:
 * gradients against differences, second derivatives against differences of the gradient, and the closed forms that remain
 * when norm scales and patterns are frozen.
 */
class LlamaBlockGradientTest {
    private static final int WIDTH = 8;
    private static final int HEADS = 4;
    private static final int KEY_VALUE_HEADS = 2;
    private static final int POSITIONS = 3;
    private static final float EPSILON = 1e-5f;
    private static final double EXACT = 1e-12;

    private final Engine engine = Engine.open("reference");
    private final Random random = new Random(20261124);
    private final Tensor cosine = engine.tensor(new double[] {1, 0.5, -0.4}, POSITIONS, 1);
    private final Tensor sine = engine.tensor(new double[] {0, 0.8, 0.9}, POSITIONS, 1);
    private final Tensor ids = engine.indices(new int[] {4, 0, 4, 1, 2, 4}, 2, POSITIONS);

    @AfterEach
    void close() {
        engine.close();
    }

    /** The embedding's rows, then everything of the block in the order of {@link Weights}. */
    private List<Tensor> inputs() {
        return List.of(
                normal(5, WIDTH),
                normal(WIDTH),
                normal(WIDTH, WIDTH),
                normal(4, WIDTH),
                normal(4, WIDTH),
                normal(WIDTH, WIDTH),
                normal(WIDTH),
                normal(6, WIDTH),
                normal(6, WIDTH),
                normal(WIDTH, 6));
    }

    private record Weights(List<Tensor> all) {
        Tensor attentionGain() {
            return all.get(1);
        }

        Tensor query() {
            return all.get(2);
        }

        Tensor key() {
            return all.get(3);
        }

        Tensor value() {
            return all.get(4);
        }

        Tensor projection() {
            return all.get(5);
        }

        Tensor mlpGain() {
            return all.get(6);
        }

        Tensor gate() {
            return all.get(7);
        }

        Tensor up() {
            return all.get(8);
        }

        Tensor down() {
            return all.get(9);
        }
    }

    private Tensor normal(long... extents) {
        return Differences.normal(engine, random, extents);
    }

    private Tensor block(List<Tensor> in) {
        var w = new Weights(in);
        var stream = in.getFirst().gather(ids); // [2, positions, width]
        var normed = Layers.rmsNorm(stream, w.attentionGain(), EPSILON, F64);
        var query = Layers.rotary(normed.matmulTransposed(w.query()), HEADS, cosine, sine);
        var key = Layers.rotary(normed.matmulTransposed(w.key()), KEY_VALUE_HEADS, cosine, sine);
        var value = normed.matmulTransposed(w.value());
        var mixed = Layers.attention(query, key, value, HEADS, KEY_VALUE_HEADS, 0.7f);
        var middle = mixed.matmulTransposed(w.projection(), stream);
        var second = Layers.rmsNorm(middle, w.mlpGain(), EPSILON, F64);
        var neurons = Layers.gatedActivation(
                Op.Activation.SILU, second.matmulTransposed(w.gate()), second.matmulTransposed(w.up()), F64);
        return neurons.matmulTransposed(w.down(), middle);
    }

    private Tensor scalar(List<Tensor> in) {
        var output = block(in);
        return output.times(output).reshape(-1).sum(0);
    }

    @Test
    void everyWeightEveryGainAndEveryRowOfTheEmbeddingAgreesWithDifferences() {
        var inputs = inputs();
        var one = engine.tensor(new double[] {1}, 1);
        var found = Differences.byTape(this::scalar, inputs, one);
        var wanted = Differences.byDifferences(this::scalar, inputs, one);
        assertThat(found).hasSize(10);
        for (int i = 0; i < found.size(); i++) {
            assertThat(Differences.relative(found.get(i), wanted.get(i)))
                    .as("input %d", i)
                    .isLessThanOrEqualTo(1e-7);
        }
        // Row 3 of the embedding is not among the ids.
        for (int column = 0; column < WIDTH; column++) {
            assertThat(found.getFirst()[3 * WIDTH + column]).isZero();
        }
    }

    @Test
    void secondDerivativesAgreeWithDifferencesOfTheGradientInEveryInput() {
        var inputs = inputs();
        var directions =
                inputs.stream().map(input -> normal(input.shape().extents())).toList();
        Differences.Of slope = given -> {
            try (var scope = engine.openScope();
                    var tape = engine.record()) {
                var gradients = tape.gradients(scalar(given), given);
                var sum = engine.filled(0, F64, 1);
                for (int i = 0; i < gradients.size(); i++) {
                    var along = gradients.get(i).times(directions.get(i));
                    sum = sum.plus(along.reshape(-1).sum(0));
                }
                return scope.keep(sum);
            }
        };
        var one = engine.tensor(new double[] {1}, 1);
        var found = Differences.byTape(slope, inputs, one);
        var wanted = Differences.byDifferences(slope, inputs, one);
        for (int i = 0; i < found.size(); i++) {
            assertThat(Differences.relative(found.get(i), wanted.get(i)))
                    .as("input %d", i)
                    .isLessThanOrEqualTo(1e-6);
        }
    }

    @Test
    void theHessianIsSymmetric() {
        var inputs = inputs();
        var first = normal(5, WIDTH);
        var second = normal(5, WIDTH);
        double one = dot(hessianTimes(inputs, first), second.toDoubles());
        double other = dot(hessianTimes(inputs, second), first.toDoubles());
        assertThat(Math.abs(one - other)).isLessThanOrEqualTo(EXACT * 100 * Math.abs(one));
    }

    private double[] hessianTimes(List<Tensor> inputs, Tensor direction) {
        try (var _ = engine.openScope();
                var outer = engine.record()) {
            Tensor slope;
            try (var inner = engine.record()) {
                var gradient = inner.gradient(scalar(inputs), inputs.getFirst());
                slope = gradient.times(direction).reshape(-1).sum(0);
            }
            return outer.gradient(slope, inputs.getFirst()).toDoubles();
        }
    }

    private static double dot(double[] left, double[] right) {
        double sum = 0;
        for (int i = 0; i < left.length; i++) {
            sum += left[i] * right[i];
        }
        return sum;
    }

    @Test
    void withFrozenScaleAndPatternAttentionIsTheLinearMapOfItsValues() {
        var x = normal(1, POSITIONS, WIDTH);
        var gain = normal(WIDTH);
        var query = normal(WIDTH, WIDTH);
        var value = normal(WIDTH, WIDTH);
        var projection = normal(WIDTH, WIDTH);
        var upstream = normal(1, POSITIONS, WIDTH);
        try (var tape = engine.record()) {
            var scale = x.times(x).mean(-1).plus(EPSILON).sqrt();
            var normed = x.dividedBy(scale.stopGradient()).times(gain);
            var turned = normed.matmulTransposed(query);
            var pattern = AttentionParts.scores(turned, turned, 1, 1, 0.4f).softmax(-1);
            var mixed = AttentionParts.mix(pattern.stopGradient(), normed.matmulTransposed(value), 1);
            var output = mixed.matmulTransposed(projection, x);
            var found = tape.gradients(List.of(output), List.of(upstream), List.of(x))
                    .getFirst();
            // u + g / s * (Pᵀ (u O)) V
            var back = pattern.reshape(1, POSITIONS, POSITIONS)
                    .permute(0, 2, 1)
                    .matmul(upstream.matmul(projection))
                    .matmul(value);
            var wanted = upstream.plus(back.times(gain).dividedBy(scale));
            assertThat(Differences.relative(found.toDoubles(), wanted.toDoubles()))
                    .isLessThanOrEqualTo(EXACT);
        }
    }

    @Test
    void withoutFreezingTheScaleAndThePatternCountToo() {
        var x = normal(1, POSITIONS, WIDTH);
        var upstream = normal(1, POSITIONS, WIDTH);
        var found = new ArrayList<double[]>();
        for (boolean frozen : new boolean[] {true, false}) {
            try (var tape = engine.record()) {
                var pattern = AttentionParts.scores(x, x, 1, 1, 0.4f).softmax(-1);
                var mixed = AttentionParts.mix(frozen ? pattern.stopGradient() : pattern, x, 1);
                found.add(tape.gradients(List.of(mixed), List.of(upstream), List.of(x))
                        .getFirst()
                        .toDoubles());
            }
        }
        assertThat(Differences.relative(found.getFirst(), found.getLast())).isGreaterThan(1e-3);
    }
}
