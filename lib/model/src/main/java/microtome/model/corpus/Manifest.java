package microtome.model.corpus;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import microtome.display.Json;
import microtome.model.format.PartFile;

/**
 * What a folder of shards holds, written anew after every shard: the journal that a killed harvest goes on from.
 *
 * @param made what the shards were made from and how; another harvest differs in one of these
 * @param shards the complete ones
 * @param complete whether the corpus was read to its end
 */
record Manifest(Map<String, String> made, List<Shard> shards, boolean complete) {
    static final String FILE = "manifest.json";
    private static final String FORMAT = "microtome activations 1";

    /**
     * A complete shard.
     *
     * @param rows how many it has
     * @param documents that were read to their end when it was complete
     * @param corpus fingerprint of all documents up to the end of its window
     */
    record Shard(String file, long rows, long documents, String corpus) {}

    Manifest {
        made = Collections.unmodifiableMap(new LinkedHashMap<>(made));
        shards = List.copyOf(shards);
    }

    Manifest with(Shard shard) {
        var more = new ArrayList<>(shards);
        more.add(shard);
        return new Manifest(made, more, false);
    }

    Manifest finished() {
        return new Manifest(made, shards, true);
    }

    /** This, if it was made in the same way. */
    Manifest requireMadeLike(Manifest wanted, Path folder) {
        var differences = new ArrayList<String>();
        wanted.made.forEach((key, now) -> {
            String then = made.get(key);
            if (!Objects.equals(then, now)) {
                differences.add("%s: %s there, %s now".formatted(key, then, now));
            }
        });
        if (!differences.isEmpty()) {
            throw new IllegalArgumentException(
                    "%s holds another harvest (%s); use another folder, or remove this one to begin anew"
                            .formatted(folder, String.join("; ", differences)));
        }
        return this;
    }

    static Optional<Manifest> find(Path folder) {
        Path file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(parse(Files.readString(file), file));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(file + ": cannot be read", unreadable);
        }
    }

    private static Manifest parse(String text, Path file) {
        try {
            var tree = (Map<?, ?>) Json.read(text);
            if (!FORMAT.equals(tree.get("format"))) {
                throw new IllegalArgumentException("format '%s', expected '%s'".formatted(tree.get("format"), FORMAT));
            }
            var made = new LinkedHashMap<String, String>();
            ((Map<?, ?>) tree.get("made")).forEach((key, value) -> made.put((String) key, (String) value));
            var shards = new ArrayList<Shard>();
            for (Object each : (List<?>) tree.get("shards")) {
                var shard = (Map<?, ?>) each;
                shards.add(new Shard(
                        (String) shard.get("file"),
                        ((Number) shard.get("rows")).longValue(),
                        ((Number) shard.get("documents")).longValue(),
                        (String) shard.get("corpus")));
            }
            return new Manifest(made, shards, (Boolean) tree.get("complete"));
        } catch (IllegalArgumentException | ClassCastException | NullPointerException broken) {
            throw new IllegalArgumentException(
                    "%s is damaged (%s); remove the folder to begin anew".formatted(file, broken.getMessage()), broken);
        }
    }

    /** Replaces the file in one step. */
    void write(Path folder) {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("format", FORMAT);
        tree.put("made", made);
        tree.put("complete", complete);
        tree.put("shards", shards.stream().map(Manifest::tree).toList());
        try {
            PartFile.replace(folder.resolve(FILE), Json.write(tree));
        } catch (IOException failure) {
            throw new UncheckedIOException(
                    "%s: cannot be written (%s)".formatted(folder.resolve(FILE), failure), failure);
        }
    }

    private static Map<String, Object> tree(Shard shard) {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("file", shard.file);
        tree.put("rows", shard.rows);
        tree.put("documents", shard.documents);
        tree.put("corpus", shard.corpus);
        return tree;
    }
}
