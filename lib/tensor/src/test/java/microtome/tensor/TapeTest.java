package microtome.tensor;

import static microtome.tensor.DType.BF16;
import static microtome.tensor.DType.F32;
import static microtome.tensor.DType.F64;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TapeTest {
    private static final double EXACT = 1e-12;

    private final Engine engine = Engine.open("reference");
    private final Random random = new Random(20261124);

    @AfterEach
    void close() {
        engine.close();
    }

    private Tensor normal(long... extents) {
        return Differences.normal(engine, random, extents);
    }

    /** Pre-norm attention and gated MLP, as in Llama; inputs are the stream and all weights. */
    private Tensor block(List<Tensor> in) {
        var x = in.getFirst(); // [1, 3, 8]
        var normed = Layers.rmsNorm(x, in.get(1), 1e-5f, F64);
        var cosine = engine.tensor(new double[] {1, 1, 0.5, 0.9, -0.4, 0.6}, 3, 2);
        var sine = engine.tensor(new double[] {0, 0, 0.8, 0.1, 0.9, 0.2}, 3, 2);
        var query = Layers.rotary(normed.matmulTransposed(in.get(2)), 2, cosine, sine);
        var key = Layers.rotary(normed.matmulTransposed(in.get(3)), 1, cosine, sine);
        var mixed = Layers.attention(query, key, normed.matmulTransposed(in.get(3)), 2, 1, 0.5f);
        var middle = mixed.matmulTransposed(in.get(2), x);
        var second = Layers.rmsNorm(middle, in.get(1), 1e-5f, F64);
        var gated = Layers.gatedActivation(
                Op.Activation.SILU, second.matmulTransposed(in.get(4)), second.matmulTransposed(in.get(5)), F64);
        return gated.matmul(in.get(5)).plus(middle);
    }

    private List<Tensor> blockInputs() {
        return List.of(normal(1, 3, 8), normal(8), normal(8, 8), normal(4, 8), normal(6, 8), normal(6, 8));
    }

    private Tensor scalar(Tensor tensor) {
        return tensor.times(tensor).reshape(-1).sum(0);
    }

    @Test
    void theBlockAgreesWithDifferencesInEveryWeight() {
        var inputs = blockInputs();
        Differences.Of function = given -> scalar(block(given));
        var one = engine.tensor(new double[] {1}, 1);
        var found = Differences.byTape(function, inputs, one);
        var wanted = Differences.byDifferences(function, inputs, one);
        for (int i = 0; i < found.size(); i++) {
            assertThat(Differences.relative(found.get(i), wanted.get(i))).isLessThanOrEqualTo(1e-7);
        }
    }

    @Test
    void secondDerivativesOfTheBlockComeFromATapeAroundATape() {
        var inputs = blockInputs();
        var direction = normal(1, 3, 8);
        // <gradient, direction>, differentiated once more
        Differences.Of slope = given -> {
            try (var scope = engine.openScope();
                    var tape = engine.record()) {
                var gradient = tape.gradient(scalar(block(given)), given.getFirst());
                return scope.keep(gradient.times(direction).reshape(-1).sum(0));
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
    void everyValueInTheMiddleHasItsGradientFromOnePass() {
        var x = normal(3, 4);
        try (var tape = engine.record()) {
            var first = x.tanh();
            var second = first.plus(first.sin());
            var third = second.exp();
            var loss = third.reshape(-1).sum(0);
            var gradients = tape.gradients(loss, List.of(third, second, first, x, loss));
            close(gradients.get(0), engine.filled(1, F64, 3, 4));
            close(gradients.get(1), third);
            close(gradients.get(2), third.times(first.cos().plus(1)));
            close(
                    gradients.get(3),
                    third.times(first.cos().plus(1))
                            .times(first.times(first).negate().plus(1)));
            assertThat(gradients.get(4).toDoubles()).containsExactly(1);
        }
    }

    private static void close(Tensor found, Tensor wanted) {
        assertThat(Differences.relative(found.toDoubles(), wanted.toDoubles())).isLessThan(EXACT);
    }

    @Test
    void stopGradientBlocksOnePathOnly() {
        var x = normal(5);
        try (var tape = engine.record()) {
            var loss = x.times(x.stopGradient()).sum(0);
            assertThat(tape.gradient(loss, x).toDoubles()).containsExactly(x.toDoubles());
        }
    }

    @Test
    void aFrozenNormScaleLeavesALinearMap() {
        var x = normal(2, 4);
        var upstream = normal(2, 4);
        try (var tape = engine.record()) {
            var scale = x.times(x).mean(-1).sqrt();
            var normed = x.dividedBy(scale.stopGradient());
            var gradient = tape.gradients(List.of(normed), List.of(upstream), List.of(x))
                    .getFirst();
            close(gradient, upstream.dividedBy(scale));
        }
    }

    @Test
    void aValueOnWhichNothingDependsHasZeros() {
        var x = normal(3);
        var y = normal(3);
        try (var tape = engine.record()) {
            y.plus(1);
            var loss = x.sum(0);
            assertThat(tape.gradient(loss, y).toDoubles()).containsOnly(0);
        }
    }

    @Test
    void severalScalarsShareOneForward() {
        var x = normal(4);
        try (var tape = engine.record()) {
            var y = x.exp();
            var gradients = tape.gradientsOfEach(List.of(y.slice(0, 0, 1), y.slice(0, 3, 4)), List.of(x, y));
            assertThat(gradients.get(1).toDoubles()).containsExactly(1, 0, 0, 0, 0, 0, 0, 1);
            var values = y.toDoubles();
            assertThat(gradients.get(0).toDoubles()).containsExactly(values[0], 0, 0, 0, 0, 0, 0, values[3]);
            assertThat(gradients.get(0).shape()).isEqualTo(Shape.of(2, 4));
        }
    }

    @Test
    void aBatchOfUpstreamsGivesWhatEachGivesAlone() {
        var inputs = blockInputs();
        var upstreams = normal(3, 1, 3, 8);
        try (var tape = engine.record()) {
            for (var output : List.of(block(inputs), engine.checkpoint(inputs, this::block))) {
                var batch = tape.gradientsOfBatch(List.of(output), List.of(upstreams), inputs);
                for (int i = 0; i < 3; i++) {
                    var one = upstreams.slice(0, i, i + 1).reshape(1, 3, 8);
                    var alone = tape.gradients(List.of(output), List.of(one), inputs);
                    for (int j = 0; j < inputs.size(); j++) {
                        close(batch.get(j).slice(0, i, i + 1), alone.get(j));
                    }
                }
            }
            assertThatThrownBy(() -> tape.gradientsOfBatch(List.of(), List.of(), inputs))
                    .hasMessageContaining("a batch needs at least one output");
        }
    }

    @Test
    void aCheckpointIsComputedAgainAndGivesTheSame() {
        var inputs = blockInputs();
        var calls = new AtomicInteger();
        List<Tensor> plain;
        List<Tensor> again;
        try (var tape = engine.record()) {
            plain = tape.gradients(scalar(block(inputs)), inputs);
        }
        try (var tape = engine.record()) {
            long before = engine.liveTensors();
            var output = engine.checkpoint(inputs, given -> {
                calls.incrementAndGet();
                return block(given);
            });
            assertThat(engine.liveTensors() - before).isLessThanOrEqualTo(inputs.size() + 1);
            again = tape.gradients(scalar(output), inputs);
        }
        assertThat(calls).hasValue(2);
        for (int i = 0; i < inputs.size(); i++) {
            close(again.get(i), plain.get(i));
        }
    }

    @Test
    void aCheckpointHasSecondDerivatives() {
        var x = normal(3);
        try (var outer = engine.record()) {
            Tensor slope;
            try (var inner = engine.record()) {
                var cube = engine.checkpoint(
                        List.of(x), in -> in.getFirst().times(in.getFirst()).times(in.getFirst()));
                slope = inner.gradient(cube.sum(0), x);
            }
            close(outer.gradient(slope.sum(0), x), x.times(6));
        }
    }

    @Test
    void theTapeKeepsWhatGradientsNeedAndNoLonger() {
        var x = normal(3, 4);
        long before = engine.liveTensors();
        long bytes = engine.liveBytes();
        try (var _ = engine.openScope()) {
            try (var tape = engine.record()) {
                Tensor loss;
                try (var inner = engine.openScope()) {
                    loss = inner.keep(x.tanh().exp().reshape(-1).sum(0));
                }
                var gradient = tape.gradient(loss, x);
                assertThat(gradient.toDoubles()).hasSize(12);
            }
        }
        assertThat(engine.liveTensors()).isEqualTo(before);
        assertThat(engine.liveBytes()).isEqualTo(bytes);
    }

    @Test
    void nothingIsKeptWithoutATape() {
        var x = normal(3, 4);
        long before = engine.liveTensors();
        try (var _ = engine.openScope()) {
            block(blockInputs());
        }
        assertThat(engine.liveTensors()).isEqualTo(before);
        assertThat(x.isClosed()).isFalse();
    }

    @Test
    void aPackedWeightPassesGradientsAndHasOne() {
        for (var type : new DType[] {F32, BF16}) {
            var weight = engine.tensor(new float[] {1, 2, 3, 4, 5, 6}, 3, 2);
            var packed = engine.pack(weight, type);
            var x = engine.tensor(new float[] {7, 8, -1, 2}, 2, 2);
            var upstream = engine.tensor(new float[] {1, 0, 2, -1, 1, 0}, 2, 3);
            try (var tape = engine.record()) {
                var y = x.matmulTransposed(packed);
                var gradients = tape.gradients(List.of(y), List.of(upstream), List.of(x, packed));
                assertThat(gradients.get(0).toFloats()).containsExactly(11, 14, 2, 2);
                assertThat(gradients.get(1).toFloats()).containsExactly(8, 6, -1, 2, 14, 16);
                assertThat(gradients.get(1).isPacked()).isFalse();
            }
        }
    }

    @Test
    void thePackedTransposeEndsWithItsWeight() {
        long before = engine.liveBytes();
        try (var _ = engine.openScope();
                var tape = engine.record()) {
            var packed = engine.pack(engine.tensor(new float[600], 30, 20).cast(BF16), F32);
            var x = engine.tensor(new float[40], 2, 20);
            tape.gradient(scalar(x.matmulTransposed(packed)), x);
        }
        assertThat(engine.liveBytes()).isEqualTo(before);
    }

    @Test
    void theGradientOfAPackedWeightReachesThePlainOne() {
        var weight = engine.tensor(new float[] {1, 2, 3, 4}, 2, 2);
        var x = engine.tensor(new float[] {5, 6}, 1, 2);
        try (var tape = engine.record()) {
            var loss = x.matmulTransposed(engine.pack(weight, F32)).sum(1);
            assertThat(tape.gradient(loss, weight).toFloats()).containsExactly(5, 6, 5, 6);
        }
    }

    @Test
    void halfTypesKeepTheirType() {
        var x = normal(3, 4).cast(BF16);
        try (var tape = engine.record()) {
            var loss = x.cast(F32).times(2).reshape(-1).sum(0);
            var gradient = tape.gradient(loss, x);
            assertThat(gradient.dtype()).isEqualTo(BF16);
            assertThat(gradient.toDoubles()).containsOnly(2);
        }
    }

    @Test
    void theErrorsSayWhatToDo() {
        var x = normal(3);
        var stranger = normal(3);
        try (var tape = engine.record()) {
            var y = x.exp();
            assertThatThrownBy(() -> tape.gradient(y, x))
                    .hasMessage("gradients: F64 [3] is not a scalar; sum it, or give upstreams of its shape");
            var loss = y.sum(0);
            assertThatThrownBy(() -> tape.gradient(loss, stranger))
                    .hasMessageStartingWith("gradients: value F64 [3] was not seen by the tape opened at "
                            + "TapeTest.theErrorsSayWhatToDo(TapeTest.java:");
            assertThatThrownBy(() -> tape.gradients(List.of(y), List.of(loss), List.of(x)))
                    .hasMessage("gradients: upstream is F64 [1]; the output is F64 [3] and needs F64 [3]");
            assertThatThrownBy(() -> engine.checkpoint(List.of(x, x), List::getFirst))
                    .hasMessage("checkpoint: F64 [3] is given twice; name every input once");
        }
    }

    @Test
    void aClosedTapeSaysSo() {
        var x = normal(3);
        var tape = engine.record();
        var loss = x.sum(0);
        tape.close();
        assertThatThrownBy(() -> tape.gradient(loss, x)).hasMessageContaining("was closed; take gradients before");
    }

    @Test
    void aTapeListensToItsOwnThreadOnly() throws InterruptedException {
        var x = normal(3);
        var other = new AtomicReference<Tensor>();
        try (var tape = engine.record()) {
            var thread = Thread.ofPlatform().start(() -> other.set(x.exp().sum(0)));
            thread.join();
            x.sum(0);
            assertThatThrownBy(() -> tape.gradient(other.get(), x)).hasMessageContaining("was not seen by");
        }
    }
}
