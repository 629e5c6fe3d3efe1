package microtome.model.store.hub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What the cache has of a model at one commit. */
record Snapshot(HubCache cache, HubName name, String commit) {
    Path folder() {
        return cache.snapshot(name, commit);
    }

    /** The weight file or the index of several, when all of it is here. */
    Optional<Path> weights() {
        if (name.file().isPresent()) {
            return existing(folder().resolve(name.file().get()));
        }
        return existing(folder().resolve(NeededFiles.SINGLE))
                .or(this::completeIndex)
                .or(() -> only(".safetensors"))
                .or(() -> only(".gguf"));
    }

    private Optional<Path> completeIndex() {
        return existing(folder().resolve(NeededFiles.INDEX))
                .filter(index -> shards(index).stream()
                        .allMatch(shard -> SafePath.isSafe(shard) && Files.isRegularFile(index.resolveSibling(shard))));
    }

    /** Names of the files that an index lists. */
    static Collection<String> shards(Path index) {
        try {
            Collection<String> names = new TreeSet<>();
            JsonNode map =
                    new ObjectMapper().readTree(Files.readAllBytes(index)).path("weight_map");
            map.forEach(file -> names.add(file.asText()));
            if (names.isEmpty()) {
                throw new IOException("no weight_map");
            }
            return names;
        } catch (IOException malformed) {
            throw new HubProblem("%s: is no index of weight files: %s".formatted(index, Failures.text(malformed)));
        }
    }

    private Optional<Path> only(String ending) {
        List<String> found =
                files(ending).stream().filter(file -> !file.contains("/")).toList();
        return found.size() == 1 ? Optional.of(folder().resolve(found.getFirst())) : Optional.empty();
    }

    /** Paths in the snapshot of all files with this ending. */
    List<String> files(String ending) {
        try (Stream<Path> files = Files.walk(folder())) {
            return files.filter(Files::isRegularFile)
                    .map(file -> folder().relativize(file).toString().replace('\\', '/'))
                    .filter(file -> file.endsWith(ending))
                    .sorted()
                    .toList();
        } catch (IOException absent) {
            return List.of();
        }
    }

    private static Optional<Path> existing(Path file) {
        return Optional.of(file).filter(Files::isRegularFile);
    }

    /** The model, when enough of it is here to load it. */
    Optional<HubModel> usable() {
        return weights()
                .filter(weights -> isGguf(weights) || Files.isRegularFile(weights.resolveSibling(NeededFiles.CONFIG)))
                .map(weights -> new HubModel(name, commit, weights));
    }

    /**
     * The model, when it is known that the hub has no more of it: else a tokenizer might be missing that it has, or other
     * files of which the reader should choose.
     */
    Optional<HubModel> complete() {
        return usable().filter(model -> isGguf(model.weights()) ? isOnlyChoice() : hasTokenizer(model.weights()));
    }

    private boolean isOnlyChoice() {
        return name.file().isPresent() || cache.isKnownToLack(name, commit, NeededFiles.SINGLE);
    }

    private boolean hasTokenizer(Path weights) {
        Path tokenizer = weights.resolveSibling(NeededFiles.TOKENIZER);
        return Files.isRegularFile(tokenizer)
                || cache.isKnownToLack(
                        name, commit, folder().relativize(tokenizer).toString());
    }

    private static boolean isGguf(Path weights) {
        return weights.getFileName().toString().endsWith(".gguf");
    }
}
