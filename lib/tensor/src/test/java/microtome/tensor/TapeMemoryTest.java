package microtome.tensor;

import static microtome.tensor.DType.F32;
import static microtome.tensor.DType.F64;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a tape holds, in bytes, and until when. */
class TapeMemoryTest {
    private static final long F64_BYTES = 8;
    private static final long MATRIX = 16 * 16 * F64_BYTES;

    private final Engine engine = Engine.open("reference");
    private final Random random = new Random(20261124);

    @AfterEach
    void close() {
        engine.close();
    }

    private Tensor normal(long... extents) {
        return Differences.normal(engine, random, extents);
    }

    static Stream<Arguments> whatIsRead() {
        var both = 2 * MATRIX;
        return Stream.of(
                Arguments.of(new Op.Unary(Op.Unary.Function.NEGATE), 1, 0L),
                Arguments.of(new Op.Unary(Op.Unary.Function.SIN), 1, MATRIX),
                Arguments.of(new Op.Unary(Op.Unary.Function.EXP), 1, MATRIX),
                Arguments.of(new Op.Binary(Op.Binary.Function.ADD), 2, 0L),
                Arguments.of(new Op.Binary(Op.Binary.Function.SUBTRACT), 2, 0L),
                Arguments.of(new Op.Binary(Op.Binary.Function.MULTIPLY), 2, both),
                Arguments.of(new Op.Binary(Op.Binary.Function.DIVIDE), 2, both),
                Arguments.of(new Op.Permute(List.of(1, 0)), 1, 0L),
                Arguments.of(new Op.Slice(1, 2, 5), 1, 0L),
                Arguments.of(new Op.Pad(0, 1, 1, 0), 1, 0L),
                Arguments.of(new Op.Concat(0), 2, 0L),
                Arguments.of(new Op.Reduce(Op.Reduce.Kind.SUM, 1), 1, 0L),
                Arguments.of(new Op.Reduce(Op.Reduce.Kind.LOGSUMEXP, 1), 1, MATRIX + 16 * F64_BYTES),
                Arguments.of(new Op.Softmax(1), 1, MATRIX),
                Arguments.of(new Op.MatMul(true, F64), 2, both),
                Arguments.of(new Op.MatMul(true, F64), 3, both), // an addend passes its gradient on
                Arguments.of(new Op.GatedActivation(Op.Activation.SILU, F64), 2, both));
    }

    @ParameterizedTest
    @MethodSource("whatIsRead")
    void onlyWhatTheGradientRuleReadsIsKept(Op op, int inputs, long bytes) {
        long before = engine.liveBytes();
        try (var _ = engine.record()) {
            try (var _ = engine.openScope()) {
                var given = new ArrayList<Tensor>();
                for (int i = 0; i < inputs; i++) {
                    given.add(normal(16, 16));
                }
                engine.apply(op, given.toArray(Tensor[]::new));
            }
            assertThat(engine.liveBytes() - before).isEqualTo(bytes);
        }
        assertThat(engine.liveBytes()).isEqualTo(before);
    }

    @Test
    void theFusedOperationsOfABlockKeepTheirInputsOnly() {
        long before = engine.liveBytes();
        try (var _ = engine.record()) {
            try (var _ = engine.openScope()) {
                Layers.rmsNorm(normal(1, 16, 16), normal(16), 1e-5f, F64);
                Layers.attention(normal(1, 16, 16), normal(1, 16, 8), normal(1, 16, 8), 4, 2, 0.5f);
            }
            assertThat(engine.liveBytes() - before).isEqualTo(MATRIX + 16 * F64_BYTES + 2 * MATRIX);
        }
    }

    /** A chain whose first link notes how much is alive when the pass backwards comes to it. */
    private Tensor chain(Tensor x, AtomicLong bytes, int links) {
        var first = engine.checkpoint(List.of(x), in -> {
            bytes.set(engine.liveBytes());
            return in.getFirst().negate();
        });
        var last = first;
        for (int i = 0; i < links; i++) {
            last = last.tanh();
        }
        return last.reshape(-1).sum(0);
    }

    @Test
    void aFreeingPassLetsGoOfValuesAsItComesByAndIsTheLast() {
        var bytes = new AtomicLong();
        var x = normal(16, 16);
        var found = new ArrayList<double[]>();
        var alive = new ArrayList<Long>();
        for (boolean freeing : new boolean[] {false, true}) {
            try (var _ = engine.openScope();
                    var tape = engine.record()) {
                Tensor loss;
                try (var forward = engine.openScope()) {
                    loss = forward.keep(chain(x, bytes, 10));
                }
                var ready = freeing ? tape.freeing() : tape;
                found.add(ready.gradient(loss, x).toDoubles());
                alive.add(bytes.get());
                if (freeing) {
                    assertThatThrownBy(() -> tape.gradient(loss, x))
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessageContaining("without freeing() it can go again");
                } else {
                    assertThat(tape.gradient(loss, x).toDoubles()).containsExactly(found.getFirst());
                }
            }
        }
        assertThat(found.getLast()).containsExactly(found.getFirst());
        assertThat(alive.getFirst() - alive.getLast()).isEqualTo(10 * MATRIX);
    }

    @Test
    void gradientsOnTheWayAreFreedUnlessAskedFor() {
        var bytes = new AtomicLong();
        var x = normal(16, 16);
        try (var _ = engine.openScope();
                var tape = engine.record()) {
            var values = new ArrayList<Tensor>();
            var loss = engine.checkpoint(List.of(x), in -> {
                bytes.set(engine.liveBytes());
                return in.getFirst().negate();
            });
            for (int i = 0; i < 10; i++) {
                loss = loss.plus(1);
                values.add(loss);
            }
            var scalar = loss.reshape(-1).sum(0);
            tape.gradient(scalar, x);
            long few = bytes.get();
            values.add(x);
            tape.gradients(scalar, values);
            // The sum hands on one broadcast gradient, which all links share.
            assertThat(bytes.get() - few).isLessThanOrEqualTo(MATRIX);
        }
    }

    @Test
    void aTypeThatWasCastIsNotKeptTwice() {
        long before = engine.liveBytes();
        try (var _ = engine.record()) {
            try (var _ = engine.openScope()) {
                normal(16, 16).cast(F32).cast(F64).exp();
            }
            assertThat(engine.liveBytes() - before).isEqualTo(MATRIX);
        }
    }
}
