package microtome.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import microtome.model.format.StoredTensor;
import microtome.model.format.StoredType;
import microtome.model.format.WeightFile;
import microtome.model.format.WeightFormats;
import microtome.model.store.ModelFiles;
import microtome.model.store.ModelStore;
import microtome.model.token.TokenSequence;

/** A folder with a model and {@code expected.safetensors}, the values that a reference implementation computed from it. */
record ExpectedValues(Path folder, WeightFile file) implements AutoCloseable {
    private static final String VALUES = "expected.safetensors";
    private static final String CONFIG = "config.json";
    private static final String WEIGHTS = "model.safetensors";
    private static final String INDEX = WEIGHTS + ".index.json";
    private static final String ALL =
            "%s, %s (or %s and its shards, or a .gguf file alone) and %s".formatted(CONFIG, WEIGHTS, INDEX, VALUES);

    static ExpectedValues open(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new IllegalArgumentException("%s is not a folder; parity takes one with %s".formatted(folder, ALL));
        }
        List<String> missing = missing(folder);
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException("%s has no %s; parity takes a folder with %s"
                    .formatted(folder, String.join(" and no ", missing), ALL));
        }
        return new ExpectedValues(folder, WeightFormats.open(folder.resolve(VALUES)));
    }

    private static List<String> missing(Path folder) {
        var missing = new ArrayList<String>();
        if (!hasGguf(folder)) {
            if (!Files.exists(folder.resolve(CONFIG))) {
                missing.add(CONFIG);
            }
            if (!Files.exists(folder.resolve(WEIGHTS)) && !Files.exists(folder.resolve(INDEX))) {
                missing.add(WEIGHTS);
            }
        }
        if (!Files.exists(folder.resolve(VALUES))) {
            missing.add(VALUES);
        }
        return missing;
    }

    private static boolean hasGguf(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.anyMatch(file -> file.toString().endsWith(".gguf"));
        } catch (IOException failure) {
            throw new UncheckedIOException(folder + ": cannot be listed", failure);
        }
    }

    ModelFiles modelFiles() {
        return ModelStore.standard().resolve(folder.toString());
    }

    List<String> names() {
        return file.names().stream().filter(name -> !name.equals("input_ids")).toList();
    }

    /** The rows of {@code input_ids}, each one prompt. */
    List<TokenSequence> prompts() {
        StoredTensor stored = file.tensor("input_ids");
        if (stored.shape().rank() != 2) {
            throw new IllegalArgumentException(
                    "input_ids is %s, must be [sequences, positions]".formatted(stored.shape()));
        }
        int positions = Math.toIntExact(stored.shape().extent(1));
        int[] ids = narrowed(tokens("input_ids"));
        return IntStream.range(0, ids.length / positions)
                .mapToObj(row -> TokenSequence.ofIds(IntStream.range(row * positions, (row + 1) * positions)
                        .map(at -> ids[at])
                        .toArray()))
                .toList();
    }

    /** A tensor of token ids. */
    long[] tokens(String name) {
        MemorySegment bytes = bytes(name, StoredType.I64);
        return IntStream.range(0, Math.toIntExact(bytes.byteSize() / Long.BYTES))
                .mapToLong(index -> bytes.get(ValueLayout.JAVA_LONG_UNALIGNED, (long) index * Long.BYTES))
                .toArray();
    }

    /** A tensor of numbers. */
    float[] numbers(String name) {
        MemorySegment bytes = bytes(name, StoredType.F32);
        var numbers = new float[Math.toIntExact(bytes.byteSize() / Float.BYTES)];
        MemorySegment.copy(bytes, ValueLayout.JAVA_FLOAT_UNALIGNED, 0, numbers, 0, numbers.length);
        return numbers;
    }

    private MemorySegment bytes(String name, StoredType type) {
        StoredTensor stored = file.tensor(name);
        if (stored.storedType() != type) {
            throw new IllegalArgumentException(
                    "%s: %s is stored as %s, must be %s".formatted(file.path(), name, stored.storedType(), type));
        }
        return stored.bytes();
    }

    private static int[] narrowed(long[] ids) {
        return LongStream.of(ids).mapToInt(Math::toIntExact).toArray();
    }

    @Override
    public void close() {
        file.close();
    }
}
