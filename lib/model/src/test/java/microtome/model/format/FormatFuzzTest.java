package microtome.model.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FormatFuzzTest {
    private static final int CASES = 100_000;
    /** A target that accepts fewer tests little but the first checks of its reader; measured are 3 (safetensors) to 36 %. */
    private static final int LEAST_ACCEPTED = CASES / 50;

    private static final int MANY = 50_000;

    @ParameterizedTest
    @EnumSource
    void damagedFilesAreRefusedOrReadInTimeAndMemoryOfTheirSize(FuzzTargets target) {
        Fuzz.Report report = Fuzz.run(target, CASES);
        assertThat(report.accepted()).as(report.toString()).isBetween(LEAST_ACCEPTED, CASES - LEAST_ACCEPTED);
    }

    @ParameterizedTest
    @EnumSource
    void everyTruncationIsRefused(FuzzTargets target) {
        byte[] whole = target.seeds().getFirst();
        int padding = target == FuzzTargets.GGUF ? 24 : 0;
        for (int length = 0; length < whole.length; length++) {
            assertThat(opens(target, Arrays.copyOf(whole, length)))
                    .as("cut to %d of %d bytes", length, whole.length)
                    .isEqualTo(length >= whole.length - padding);
        }
        assertThat(opens(target, whole)).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void everyBitFlipIsRefusedOrConsistent(FuzzTargets target) {
        // Elsewhere, where the stack that every refusal copies is short.
        CompletableFuture.runAsync(() -> target.seeds().forEach(whole -> readEveryBitFlip(target, whole)))
                .join();
    }

    private static void readEveryBitFlip(FuzzTargets target, byte[] whole) {
        for (int bit = 0; bit < whole.length * Byte.SIZE; bit++) {
            byte[] flipped = whole.clone();
            flipped[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
            opens(target, flipped);
        }
    }

    /** The smallest things that a file can be full of, so many that what each costs decides. */
    @ParameterizedTest
    @EnumSource
    void manySmallThingsTakeMemoryInProportion(FuzzTargets target) {
        byte[] content = fullOf(target);
        assertThat(content.length).isGreaterThan(MANY);
        opens(target, target.seeds().getFirst());
        assertThat(Fuzz.allocatedBy(() -> opens(target::open, content)))
                .isLessThan(Fuzz.MOST_FIXED + Fuzz.MOST_PER_BYTE * content.length);
    }

    private static byte[] fullOf(FuzzTargets target) {
        return switch (target) {
            case SAFETENSORS -> {
                StringBuilder header = new StringBuilder("{");
                for (int index = 0; index < MANY / 50; index++) {
                    header.append("\"%x\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]},".formatted(index));
                }
                yield SafetensorsSeeds.whole(header + "\"__metadata__\":{}}", 0);
            }
            case INDEX ->
                ("{\"x\":" + "[".repeat(500) + "{},".repeat(MANY) + "0" + "]".repeat(500)
                                + ",\"weight_map\":{\"first\":\"one.safetensors\"}}")
                        .getBytes(StandardCharsets.US_ASCII);
            case CONFIG -> ("{\"x\":[" + "[],".repeat(MANY) + "{}]}").getBytes(StandardCharsets.US_ASCII);
            case GGUF -> {
                GgufBuilder builder = new GgufBuilder();
                for (int index = 0; index < MANY / 20; index++) {
                    builder.array(Integer.toHexString(index), 8, 0);
                }
                yield builder.build();
            }
            case NPY -> Arrays.copyOf(crowdedArray(), MANY + 1);
            case NPZ ->
                NumpySeeds.archive(
                        false,
                        crowdedArray(),
                        NumpySeeds.array(
                                "\u0001",
                                "{'descr': '|u1', 'fortran_order': False, 'shape': (%d,)}".formatted(MANY),
                                MANY));
        };
    }

    /** An array whose type is as many brackets as a header may have. */
    private static byte[] crowdedArray() {
        String descr = "[" + "(),".repeat(3_300) + "]";
        return NumpySeeds.array("\u0001", "{'descr': %s, 'fortran_order': False, 'shape': ()}".formatted(descr), 0);
    }

    private static boolean opens(FuzzTargets target, byte[] content) {
        return opens(
                damaged -> {
                    target.open(damaged).run();
                    return null;
                },
                content);
    }

    private static boolean opens(Function<byte[], Runnable> reader, byte[] content) {
        try {
            reader.apply(content);
            return true;
        } catch (BadWeightFile expected) {
            assertThat(expected.where()).isNotEmpty();
            return false;
        }
    }
}
