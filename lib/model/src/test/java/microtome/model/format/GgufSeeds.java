package microtome.model.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/** Small GGUF files to start from. */
final class GgufSeeds {

    static final List<byte[]> ALL = List.of(
            new GgufBuilder()
                    .string("general.architecture", "llama")
                    .u32("general.alignment", 32)
                    .strings("tokens", List.of("one", "two", "drei"))
                    .i32s("types", 1, 2, 3)
                    .f32("epsilon", 1e-5f)
                    .bool("flag", 1)
                    .u64("long", 1L << 40)
                    .tensor("first", 0, new byte[24], 3, 2)
                    .tensor("second", 3, new byte[40], 32, 2)
                    .build(),
            new GgufBuilder()
                    .version(2)
                    .f64("d", 0.5)
                    .f32s("list", 1, 2)
                    .tensor("t", 14, new byte[210], 256)
                    .build());

    /** Reads a value as what it is, and as a string; as a list too, which single values count as. */
    static void readAll(GgufMetadata metadata, String key) {
        String kind = metadata.kind(key);
        read(key, () -> metadata.string(key));
        if (kind.endsWith("STRING")) {
            read(key, () -> metadata.strings(key));
        } else if (kind.endsWith("BOOL")) {
            read(key, () -> metadata.booleanValue(key));
        } else if (kind.endsWith("F32") || kind.endsWith("F64")) {
            read(key, () -> metadata.floats(key));
        } else {
            read(key, () -> metadata.longs(key));
        }
    }

    private static void read(String key, Runnable reading) {
        try {
            reading.run();
        } catch (BadWeightFile expected) {
            assertThat(expected.where()).contains(key);
        }
    }
}
