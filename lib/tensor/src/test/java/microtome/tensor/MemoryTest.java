package microtome.tensor;

import static microtome.tensor.DType.F32;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemoryTest {
    private static final long MIB = 1 << 20;

    @Test
    void theBudgetIsWhatTheHeapLeavesOfTheMachine() {
        assertThat(Memory.usualBudget(4, 24)).isEqualTo(20);
        assertThat(Memory.usualBudget(20, 24)).isEqualTo(12);
        try (var engine = Engine.open("reference")) {
            assertThat(engine.budget()).isGreaterThan(256 * MIB);
            engine.setBudget(MIB);
            assertThat(engine.budget()).isEqualTo(MIB);
            assertThatThrownBy(() -> engine.setBudget(-1)).hasMessage("a budget of -1 bytes; it must be 0 or more");
        }
    }

    @ParameterizedTest
    @CsvSource({"8g, 8589934592", "512 MB, 536870912", "3kib, 3072", "17, 17", "' 2T ', 2199023255552"})
    void theBudgetIsASetting(String setting, long bytes) {
        System.setProperty(Memory.BUDGET, setting);
        try (var engine = Engine.open("reference")) {
            assertThat(engine.budget()).isEqualTo(bytes);
        } finally {
            System.clearProperty(Memory.BUDGET);
        }
    }

    @ParameterizedTest
    @CsvSource({"much", "-3", "9999999999999999999", "9000000000g", "1.5g"})
    void aSettingThatIsNoAmountSaysWhatIs(String setting) {
        assertThatThrownBy(() -> Bytes.of("property " + Memory.BUDGET, setting))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "property microtome.budget is '%s'; "
                                + "it must be a number of bytes such as 8g, 512m or 1000000000",
                        setting);
    }

    @Test
    void unreachableTensorsMakeRoomBeforeAnythingFails() {
        try (var engine = Engine.open("reference")) {
            engine.setBudget(8 * MIB);
            for (int i = 0; i < 40; i++) {
                assertThat(engine.filled(i, F32, MIB / 4).slice(0, 0, 1).toFloats())
                        .containsExactly(i);
            }
            assertThat(engine.liveBytes()).isLessThanOrEqualTo(8 * MIB);
        }
    }

    @Test
    void theErrorListsTheLargestHoldersAndLeavesTheEngineRight() {
        try (var engine = Engine.open("reference")) {
            engine.setBudget(8 * MIB);
            var held = new ArrayList<Tensor>();
            for (int i = 0; i < 3; i++) {
                held.add(engine.filled(i, F32, 2, MIB / 4));
            }
            var small = engine.filled(5, F32, 3);
            assertThatThrownBy(() -> held.getFirst().plus(1))
                    .isInstanceOfSatisfying(
                            OutOfMemory.class,
                            full -> assertThat(full.holders()).singleElement().satisfies(holder -> {
                                assertThat(holder.type()).isEqualTo("F32 [2, 262144]");
                                assertThat(holder.count()).isEqualTo(3);
                                assertThat(holder.bytes()).isEqualTo(6 * MIB);
                                assertThat(holder.place())
                                        .startsWith(
                                                "MemoryTest.theErrorListsTheLargestHoldersAndLeavesTheEngineRight(");
                            }))
                    .hasMessageContaining("plus: out of memory: F32 [2, 262144] takes 2097152 bytes (2.0 MiB), "
                            + "which would pass the budget of 8388608 bytes (8.0 MiB); 5 live tensors hold ")
                    .hasMessageContaining("\n  16 bytes: others\n");
            assertThat(small.plus(1).toFloats()).containsExactly(6, 6, 6);
            held.removeFirst().close();
            assertThat(held.getFirst().plus(1).slice(0, 0, 1).slice(1, 0, 1).toFloats())
                    .containsExactly(2);
        }
    }

    @Test
    void aBudgetBelowWhatIsAliveKeepsThatAndAddsNothing() {
        try (var engine = Engine.open("reference")) {
            var tensor = engine.filled(1, F32, 1000);
            engine.setBudget(100);
            assertThat(tensor.toFloats()).hasSize(1000);
            assertThatThrownBy(() -> engine.filled(1, F32, 1)).isInstanceOf(OutOfMemory.class);
            tensor.close();
            assertThat(engine.filled(1, F32, 25).toFloats()).hasSize(25);
            assertThatThrownBy(() -> engine.filled(1, F32, 26)).isInstanceOf(OutOfMemory.class);
            assertThat(engine.filled(1, F32, 0).toFloats()).isEmpty();
        }
    }

    @Test
    void packedWeightsCountOnceHoweverTheBackendMakesThem() {
        try (var engine = Engine.open("reference")) {
            var weight = engine.filled(1, F32, 4, 5);
            long before = engine.liveBytes();
            var shared = engine.pack(weight, F32); // the same memory
            assertThat(engine.liveBytes()).isEqualTo(before);
            var own = engine.pack(weight, DType.BF16);
            assertThat(engine.liveBytes()).isEqualTo(before + 40);
            own.close();
            shared.close();
            assertThat(engine.liveBytes()).isEqualTo(before);
            engine.setBudget(before + 39);
            assertThatThrownBy(() -> engine.pack(weight, DType.BF16))
                    .isInstanceOf(OutOfMemory.class)
                    .hasMessageStartingWith("pack: out of memory: BF16 [4, 5] takes 40 bytes");
            assertThat(engine.liveBytes()).isEqualTo(before);
        }
    }
}
