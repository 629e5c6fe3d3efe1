package microtome.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ScopeTest {
    private final Engine engine = Engine.open("reference");

    @AfterEach
    void close() {
        engine.close();
    }

    @Test
    void endsWhatWasMadeInside() {
        Tensor inside;
        try (var _ = engine.openScope()) {
            inside = engine.tensor(new float[] {1, 2}, 2);
        }
        assertThatThrownBy(() -> inside.plus(1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageMatching(
                        "tensor F32 \\[2\\] is closed: the scope opened at ScopeTest\\.endsWhatWasMadeInside"
                                + "\\(ScopeTest\\.java:\\d+\\) ended; use it before, or hand it on with scope\\.keep\\(tensor\\)");
        assertThat(engine.liveTensors()).isZero();
        assertThat(engine.liveBytes()).isZero();
    }

    @Test
    void handsAKeptTensorToTheEnclosingScope() {
        Tensor kept;
        try (var _ = engine.openScope()) {
            try (var inner = engine.openScope()) {
                kept = inner.keep(engine.tensor(new float[] {1, 2}, 2).plus(1));
            }
            assertThat(kept.toFloats()).containsExactly(2, 3);
            assertThat(engine.liveTensors()).isEqualTo(1);
        }
        assertThat(kept.isClosed()).isTrue();
    }

    @Test
    void closingAnOuterScopeClosesForgottenInnerOnes() {
        var outer = engine.openScope();
        engine.openScope();
        var inside = engine.tensor(new float[] {1}, 1);
        outer.close();
        assertThat(inside.isClosed()).isTrue();
        assertThat(engine.tensor(new float[] {1}, 1).toFloats()).containsExactly(1);
    }

    @Test
    void keepDoesNothingToATensorFromOutside() {
        var outside = engine.tensor(new float[] {5}, 1);
        try (var scope = engine.openScope()) {
            scope.keep(outside);
        }
        assertThat(outside.toFloats()).containsExactly(5);
    }

    @Test
    void viewsShareTheirStorageUntilTheLastOneIsClosed() {
        var tensor = engine.tensor(new float[] {1, 2, 3, 4, 5, 6}, 3, 2);
        long bytes = engine.liveBytes();
        var row = tensor.slice(0, 1, 2);
        var flat = tensor.reshape(-1);
        assertThat(engine.liveBytes()).isEqualTo(bytes);
        tensor.close();
        assertThat(row.toFloats()).containsExactly(3, 4);
        row.close();
        assertThat(engine.liveBytes()).isEqualTo(bytes);
        flat.close();
        assertThat(engine.liveBytes()).isZero();
    }

    @Test
    void belongsToTheThreadThatOpenedIt() throws InterruptedException {
        var scope = engine.openScope();
        var failure = new AtomicReference<Throwable>();
        var other = Thread.ofPlatform().name("other").start(() -> {
            try {
                scope.close();
            } catch (IllegalStateException expected) {
                failure.set(expected);
            }
            engine.tensor(new float[] {1}, 1);
        });
        other.join();
        assertThat(failure.get())
                .hasMessageContaining("belongs to thread")
                .hasMessageContaining("open a scope per thread");
        assertThat(engine.liveTensors()).isEqualTo(1);
        scope.close();
        assertThat(engine.liveTensors()).isEqualTo(1);
    }

    @Test
    void tenThousandTensorsLeakNothing() {
        for (int i = 0; i < 10; i++) {
            try (var _ = engine.openScope()) {
                var tensor = engine.tensor(new float[16], 16);
                for (int j = 0; j < 1000; j++) {
                    tensor = tensor.plus(1);
                }
                assertThat(tensor.toFloats()[0]).isEqualTo(1000);
            }
        }
        assertThat(engine.liveTensors()).isZero();
        assertThat(engine.liveBytes()).isZero();
    }

    @Test
    void theCollectorFreesWhatNobodyHoldsOutsideScopes() throws InterruptedException {
        for (int i = 0; i < 100; i++) {
            engine.tensor(new float[16], 16);
        }
        for (int attempt = 0; attempt < 100 && engine.liveTensors() > 0; attempt++) {
            System.gc();
            Thread.sleep(10);
        }
        assertThat(engine.liveTensors()).isZero();
    }

    @Test
    void aClosedEngineSaysWhoClosedIt() {
        var other = Engine.open("reference");
        var tensor = other.tensor(new float[] {1}, 1);
        other.close();
        var where = "engine reference is closed, by close\\(\\) at ScopeTest\\.aClosedEngineSaysWhoClosedIt"
                + "\\(ScopeTest\\.java:\\d+\\); open another with Engine\\.open\\(\\)";
        assertThatThrownBy(tensor::toFloats).hasMessageMatching(where);
        assertThatThrownBy(tensor::exp).hasMessageMatching(where);
        other.close();
        assertThatThrownBy(other::synchronize).hasMessageMatching(where);
        tensor.close();
    }

    @Test
    void aClosedTensorSaysWhichLineClosedItFirst() {
        var tensor = engine.tensor(new float[] {1}, 1);
        tensor.close();
        tensor.close();
        assertThatThrownBy(tensor::exp)
                .hasMessageMatching("tensor F32 \\[1\\] is closed: close\\(\\) was called on it at "
                        + "ScopeTest\\.aClosedTensorSaysWhichLineClosedItFirst\\(ScopeTest\\.java:\\d+\\); "
                        + "use it before, or hand it on with scope\\.keep\\(tensor\\)");
        assertThat(tensor.toString()).startsWith("F32 [1] (closed: close() was called on it at ScopeTest.");
    }

    @Test
    void aTensorOfAForgottenInnerScopeNamesThatScope() {
        var outer = engine.openScope();
        var inner = engine.openScope();
        var inside = engine.tensor(new float[] {1}, 1);
        outer.close();
        assertThatThrownBy(inside::exp).hasMessageContaining(" is closed: " + inner + " ended; ");
    }
}
