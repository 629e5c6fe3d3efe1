package microtome.tensor.conformance;

import static microtome.tensor.DType.F32;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import microtome.tensor.BackendException;
import microtome.tensor.Layers;
import microtome.tensor.OutOfMemory;
import microtome.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** What goes wrong says so, by the name of the operation, and leaves everything else right. */
public abstract class FailureConformance extends BackendConformance {
    /** For subclasses. */
    protected FailureConformance() {}

    @Test
    void anIndexOutsideTheTableSurfacesAtTheNextWait() {
        assertThatThrownBy(() -> badGather().toFloats())
                .isInstanceOf(BackendException.class)
                .hasMessage("gather: index 5 at place 1 is outside the table's rows 0..4");
        assertThatThrownBy(() -> {
                    normal(F32, 5, 3).on(engine()).gather(engine().indices(new int[] {-1}, 1));
                    engine().synchronize();
                })
                .isInstanceOf(BackendException.class)
                .hasMessage("gather: index -1 at place 0 is outside the table's rows 0..4");
    }

    @Test
    void whatIsComputedFromAFailureTellsTheFirstCause() {
        assertThatThrownBy(() -> badGather().plus(1).sum(0).softmax(0).toFloats())
                .isInstanceOf(BackendException.class)
                .hasMessage("gather: index 5 at place 1 is outside the table's rows 0..4");
    }

    @Test
    void otherWorkIsNotAffected() {
        var good = engine().tensor(new float[] {1, 2}, 2);
        assertThatThrownBy(() -> badGather().toFloats()).isInstanceOf(BackendException.class);
        assertThat(good.plus(1).toFloats()).containsExactly(2, 3);
        try {
            engine().synchronize();
        } catch (BackendException reportedOnce) {
            assertThat(reportedOnce).hasMessageStartingWith("gather:");
        }
        engine().synchronize();
        assertThat(good.plus(2).toFloats()).containsExactly(3, 4);
    }

    @Test
    void failuresLeaveNothingBehind() {
        try (var _ = engine().openScope()) {
            assertThatThrownBy(() -> badGather().plus(1).toFloats()).isInstanceOf(BackendException.class);
        }
        assertThat(engine().liveTensors()).isZero();
        assertThat(engine().liveBytes()).isZero();
    }

    @Test
    void moreMemoryThanThereIsBecomesAnException() {
        assertThatThrownBy(() -> {
                    try (var _ = engine().openScope()) {
                        engine().filled(1, F32, 1L << 50).slice(0, 0, 1).toFloats();
                    }
                })
                .isInstanceOf(OutOfMemory.class)
                .hasMessageStartingWith("fill: out of memory: F32 [1125899906842624] takes 4503599627370496 bytes "
                        + "(4096.0 TiB), which would pass the budget of " + engine().budget() + " bytes");
        assertThat(engine().liveBytes()).isZero();
        assertThat(engine().filled(1, F32, 2).toFloats()).containsExactly(1, 1);
    }

    @Test
    void aDeviceThatHasNoMemoryLeftSaysWhoHoldsIt() {
        engine().setBudget(Long.MAX_VALUE);
        var held = engine().filled(1, F32, 1 << 18);
        assertThatThrownBy(() -> {
                    try (var _ = engine().openScope()) {
                        engine().filled(1, F32, 1L << 50).slice(0, 0, 1).toFloats();
                    }
                })
                .isInstanceOf(OutOfMemory.class)
                .hasMessageStartingWith("fill: ")
                .hasMessageContaining(Long.toString(1L << 52))
                .hasMessageContaining("\n  1048576 bytes (1.0 MiB): F32 [262144], made at FailureConformance."
                        + "aDeviceThatHasNoMemoryLeftSaysWhoHoldsIt(FailureConformance.java:")
                .hasMessageContaining("\nclose what is not needed any more, or compute inside try (var scope = ");
        assertThat(held.slice(0, 0, 1).plus(1).toFloats()).containsExactly(2);
        held.close();
        assertThat(engine().filled(1, F32, 2).toFloats()).containsExactly(1, 1);
    }

    @Test
    void aBudgetRefusesAndLeavesEverythingRight() {
        var left = engine().filled(2, F32, 1000);
        engine().setBudget(engine().liveBytes() + 4000);
        try (var _ = engine().openScope()) {
            var sum = left.plus(left);
            assertThatThrownBy(() -> sum.times(left))
                    .isInstanceOf(OutOfMemory.class)
                    .hasMessageStartingWith("times: out of memory");
            assertThat(sum.toFloats()).containsOnly(4);
        }
        assertThat(left.times(left).toFloats()).containsOnly(4);
    }

    @Test
    void wrongShapesAreRefusedAtOnce() {
        var left = normal(F32, 2, 3).on(engine());
        assertThatThrownBy(() -> left.matmul(normal(F32, 4, 5).on(engine())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("matmul: left [2, 3] has 3 columns but right [4, 5] has 4 rows");
        assertThatThrownBy(() -> left.plus(normal(F32, 2).on(engine())))
                .hasMessage(
                        "plus: shapes [2, 3] and [2] do not fit; aligned at the last axis, extents must be equal or 1");
        assertThatThrownBy(() -> Layers.rmsNorm(left, left, 0, F32))
                .hasMessage("rmsNorm: gain [2, 3] for [2, 3]; it must be [3]");
    }

    private Tensor badGather() {
        return normal(F32, 5, 3).on(engine()).gather(engine().indices(new int[] {0, 5}, 2));
    }
}
