package microtome.tensor.nd4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.lang.ref.WeakReference;
import java.util.function.BooleanSupplier;
import microtome.tensor.DType;
import microtome.tensor.Engine;
import microtome.tensor.Shape;
import microtome.tensor.TensorType;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Arrays as tensors and tensors as arrays: the same numbers, and the same memory where that is promised. */
class Nd4jTensorsTest {
    private static INDArray counting(long... extents) {
        return Nd4j.arange(Shape.of(extents).elements()).castTo(DataType.FLOAT).reshape(extents);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cpu", "nd4j", "reference"})
    void aRowMajorArrayAndItsTensorAreTheSameMemory(String backend) {
        Assumptions.assumeTrue(isAvailable(backend), () -> "backend " + backend + " is missing");
        try (var engine = Engine.open(backend)) {
            var array = counting(2, 3);
            var tensor = Nd4jTensors.of(engine, array);
            assertThat(tensor.type()).isEqualTo(TensorType.of(DType.F32, 2, 3));
            assertThat(tensor.toFloats()).containsExactly(0, 1, 2, 3, 4, 5);
            array.putScalar(1, 2, 50);
            assertThat(tensor.toFloats()).containsExactly(0, 1, 2, 3, 4, 50);
            assertThat(engine.liveBytes()).isZero();
        }
    }

    private static boolean isAvailable(String backend) {
        return Engine.availability().stream().anyMatch(found -> found.backend().equals(backend) && found.available());
    }

    @Test
    void aSliceOfTheFirstAxisSharesItsOwnElements() {
        try (var engine = Engine.open("nd4j")) {
            var array = counting(5, 3);
            var rows = array.get(NDArrayIndex.interval(1, 5)).get(NDArrayIndex.interval(1, 3));
            var tensor = Nd4jTensors.of(engine, rows);
            assertThat(tensor.toFloats()).containsExactly(6, 7, 8, 9, 10, 11);
            array.putScalar(2, 0, -1);
            assertThat(tensor.toFloats()).containsExactly(-1, 7, 8, 9, 10, 11);
            assertThat(Nd4jTensors.of(engine, array.getRow(4)).toFloats()).containsExactly(12, 13, 14);
        }
    }

    @Test
    void anyOtherLayoutIsCopiedInItsOrder() {
        try (var engine = Engine.open("nd4j")) {
            var array = counting(2, 3);
            var columns = array.get(NDArrayIndex.all(), NDArrayIndex.interval(1, 3));
            var turned = Nd4jTensors.of(engine, array.transpose());
            var cut = Nd4jTensors.of(engine, columns);
            array.assign(-1);
            assertThat(turned.shape()).isEqualTo(Shape.of(3, 2));
            assertThat(turned.toFloats()).containsExactly(0, 3, 1, 4, 2, 5);
            assertThat(cut.toFloats()).containsExactly(1, 2, 4, 5);
        }
    }

    @Test
    void anArrayInAWorkspaceIsCopied() {
        try (var engine = Engine.open("nd4j")) {
            var configuration =
                    WorkspaceConfiguration.builder().initialSize(1 << 16).build();
            try (var workspace = Nd4j.getWorkspaceManager().getAndActivateWorkspace(configuration, "copied")) {
                var array = Nd4j.createUninitialized(DataType.FLOAT, 2, 3).assign(4);
                assertThat(array.isAttached()).isTrue();
                var tensor = Nd4jTensors.of(engine, array);
                array.assign(9);
                assertThat(tensor.toFloats()).containsOnly(4);
                assertThat(workspace.isScopeActive()).isTrue();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"F32, FLOAT", "F64, DOUBLE", "F16, HALF", "BF16, BFLOAT16", "I32, INT"})
    void everyPlainTypeComesAndGoes(DType type, DataType theirs) {
        try (var engine = Engine.open("nd4j")) {
            var array = counting(2, 1, 3).castTo(theirs);
            var tensor = Nd4jTensors.of(engine, array);
            assertThat(tensor.type()).isEqualTo(TensorType.of(type, 2, 1, 3));
            assertThat(tensor.toDoubles()).containsExactly(0, 1, 2, 3, 4, 5);
            var back = Nd4jTensors.toArray(tensor.permute(2, 1, 0));
            assertThat(back.dataType()).isEqualTo(theirs);
            assertThat(back.shape()).containsExactly(3, 1, 2);
            assertThat(back.dup().castTo(DataType.DOUBLE).data().asDouble()).containsExactly(0, 3, 1, 4, 2, 5);
        }
    }

    @Test
    void aTensorOfThisBackendAndItsArrayAreTheSameMemory() {
        try (var engine = Engine.open("nd4j")) {
            var whole = engine.tensor(new float[] {0, 1, 2, 3, 4, 5}, 3, 2);
            var array = Nd4jTensors.toArray(whole.slice(0, 1, 3));
            assertThat(array.data().asFloat()).containsExactly(2, 3, 4, 5);
            array.putScalar(0, 1, 30);
            assertThat(whole.toFloats()).containsExactly(0, 1, 2, 30, 4, 5);
        }
    }

    @Test
    void aTensorOfAnotherBackendIsCopied() {
        try (var engine = Engine.open("reference")) {
            var tensor = engine.tensor(new float[] {1, 2}, 2);
            var array = Nd4jTensors.toArray(tensor);
            array.putScalar(0, 9);
            assertThat(array.toFloatVector()).containsExactly(9, 2);
            assertThat(tensor.toFloats()).containsExactly(1, 2);
        }
    }

    @Test
    void wrappedMemoryIsCopiedOnItsWayOut() {
        try (var engine = Engine.open("nd4j")) {
            var theirs = counting(3);
            var array = Nd4jTensors.toArray(Nd4jTensors.of(engine, theirs));
            array.putScalar(0, 9);
            assertThat(theirs.toFloatVector()).containsExactly(0, 1, 2);
        }
    }

    @Test
    void anArrayOutlivesItsTensorAndTheEngine() {
        INDArray array;
        try (var engine = Engine.open("nd4j")) {
            var tensor = engine.tensor(new float[] {1, 2, 3}, 3);
            array = Nd4jTensors.toArray(tensor);
            tensor.close();
            assertThat(engine.liveTensors()).isZero();
        }
        assertThat(array.add(1).toFloatVector()).containsExactly(2, 3, 4);
    }

    @Test
    void closingAnArrayLeavesItsTensorAlone() {
        try (var engine = Engine.open("nd4j")) {
            var tensor = engine.tensor(new float[] {1, 2, 3}, 3);
            Nd4jTensors.toArray(tensor).close();
            assertThat(tensor.plus(1).toFloats()).containsExactly(2, 3, 4);
        }
    }

    @Test
    void sharedMemoryIsGivenBackWhenItsLastHolderIsGone() {
        var memory = Memory.allocate(DType.F32, 3);
        var holder = memory.held(0, 12);
        memory.release();
        System.gc();
        assertThat(memory.bytes().scope().isAlive()).isTrue();
        assertThat(holder.byteSize()).isEqualTo(12);
        holder = null;
        assertThat(soon(() -> !memory.bytes().scope().isAlive())).isTrue();
    }

    @Test
    void aTensorKeepsTheArrayThatItShares() {
        try (var engine = Engine.open("nd4j")) {
            var array = new WeakReference<>(counting(3));
            var tensor = Nd4jTensors.of(engine, array.get());
            System.gc();
            assertThat(array.get()).isNotNull();
            assertThat(tensor.toFloats()).containsExactly(0, 1, 2);
            tensor.close();
            tensor = null;
            assertThat(soon(() -> array.get() == null)).isTrue();
        }
    }

    private static boolean soon(BooleanSupplier happens) {
        for (int attempt = 0; attempt < 200 && !happens.getAsBoolean(); attempt++) {
            System.gc();
            try {
                Thread.sleep(10);
            } catch (InterruptedException stop) {
                throw new AssertionError(stop);
            }
        }
        return happens.getAsBoolean();
    }

    @Test
    void emptyAndScalarArraysComeAndGo() {
        try (var engine = Engine.open("nd4j")) {
            var empty = Nd4jTensors.of(engine, Nd4j.create(DataType.FLOAT, 0, 3));
            assertThat(empty.type()).isEqualTo(TensorType.of(DType.F32, 0, 3));
            assertThat(Nd4jTensors.toArray(empty).shape()).containsExactly(0, 3);
            var scalar = Nd4jTensors.of(engine, Nd4j.scalar(7f));
            assertThat(scalar.type()).isEqualTo(TensorType.of(DType.F32));
            assertThat(Nd4jTensors.toArray(scalar.times(2)).shape()).isEmpty();
            assertThat(Nd4jTensors.toArray(scalar.times(2)).getFloat()).isEqualTo(14);
            assertThat(Nd4jTensors.of(engine, counting(1, 1)).shape()).isEqualTo(Shape.of(1, 1));
        }
    }

    @Test
    void typesThatTheOtherSideLacksAreRefusedWithTheWayOut() {
        try (var engine = Engine.open("nd4j")) {
            assertThatThrownBy(() -> Nd4jTensors.of(engine, Nd4j.arange(3).castTo(DataType.INT64)))
                    .hasMessage("of: the array is LONG; a tensor is FLOAT, DOUBLE, HALF, BFLOAT16 or INT; "
                            + "cast it with castTo(DataType.INT)");
            var blocks = engine.tensor(MemorySegment.ofArray(new byte[34]), TensorType.of(DType.Q8_0, 32));
            assertThatThrownBy(() -> Nd4jTensors.toArray(blocks))
                    .hasMessage("toArray: Q8_0 is stored in blocks, which ND4J has no type for; cast it to F32 first");
            var packed = engine.pack(engine.filled(1, DType.F32, 2, 3), DType.F32);
            assertThatThrownBy(() -> Nd4jTensors.toArray(packed))
                    .hasMessage("tensor F32 [2, 3] is packed and cannot be read; keep the plain weight");
        }
    }
}
