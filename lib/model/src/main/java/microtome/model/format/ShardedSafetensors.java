package microtome.model.format;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One model in several safetensors files, held together by {@code model.safetensors.index.json}. */
public final class ShardedSafetensors implements WeightFile {
    private static final String WEIGHT_MAP = "weight_map";

    private final Path index;
    private final Map<String, Safetensors> shards;
    private final Map<String, Safetensors> shardOfTensor;

    private ShardedSafetensors(Path index, Map<String, Safetensors> shards, Map<String, Safetensors> shardOfTensor) {
        this.index = index;
        this.shards = shards;
        this.shardOfTensor = shardOfTensor;
    }

    /**
     * Opens the index and every file that it names.
     *
     * @throws BadWeightFile when the index or a file is wrong, or a tensor is not where the index says
     */
    public static ShardedSafetensors open(Path index) {
        JsonNode map = ConfigFile.read(index).root().get(WEIGHT_MAP);
        if (map == null || !map.isObject() || map.isEmpty()) {
            throw bad(index, WEIGHT_MAP, "no object of this name", "an object: tensor name → file name");
        }
        Map<String, Safetensors> shards = new TreeMap<>();
        Map<String, Safetensors> shardOfTensor = new LinkedHashMap<>();
        try {
            for (Map.Entry<String, JsonNode> line : map.properties()) {
                String file = fileName(index, line);
                Safetensors shard = shards.computeIfAbsent(file, name -> openShard(index, name));
                requireTensor(index, shard, line.getKey());
                shardOfTensor.put(line.getKey(), shard);
            }
        } catch (RuntimeException | Error failure) {
            shards.values().forEach(Safetensors::close);
            throw failure;
        }
        return new ShardedSafetensors(index, shards, shardOfTensor);
    }

    /** A plain file name: an index from the network must not lead out of its folder. */
    private static String fileName(Path index, Map.Entry<String, JsonNode> line) {
        String name = line.getValue().asText();
        if (!line.getValue().isTextual()
                || name.isEmpty()
                || name.matches(".*[/\\\\:\\x00].*")
                || name.startsWith("..")) {
            throw bad(index, "tensor '" + line.getKey() + "'", line.getValue().toString(), "a file name");
        }
        return name;
    }

    private static Safetensors openShard(Path index, String name) {
        Path file = index.resolveSibling(name);
        if (!Files.isRegularFile(file)) {
            throw bad(index, WEIGHT_MAP, "the file '" + name + "', which is not there", "files beside the index");
        }
        return Safetensors.open(file);
    }

    private static void requireTensor(Path index, Safetensors shard, String tensor) {
        if (!shard.has(tensor)) {
            throw bad(
                    index,
                    "tensor '" + tensor + "'",
                    "nothing of this name in " + shard.path().getFileName(),
                    "tensors that are in their file");
        }
    }

    private static BadWeightFile bad(Path index, String where, String found, String allowed) {
        return new BadWeightFile(index, where, "found " + found, allowed, "download all files of the model again");
    }

    @Override
    public Path path() {
        return index;
    }

    /** The files, in the order of their names. */
    public List<Path> files() {
        return shards.values().stream().map(Safetensors::path).toList();
    }

    @Override
    public List<String> names() {
        return List.copyOf(shardOfTensor.keySet());
    }

    @Override
    public boolean has(String name) {
        return shardOfTensor.containsKey(name);
    }

    @Override
    public StoredTensor tensor(String name) {
        Safetensors shard = shardOfTensor.get(name);
        if (shard == null) {
            throw TensorNames.missing(index, name, shardOfTensor.keySet());
        }
        return shard.tensor(name);
    }

    /** Metadata of the first file. */
    @Override
    public TextMetadata metadata() {
        return shards.values().iterator().next().metadata();
    }

    /** Bytes of all files together. */
    @Override
    public long bytes() {
        return shards.values().stream().mapToLong(Safetensors::bytes).sum();
    }

    /** SHA-256 of the lines {@code <sha256>  <file name>\n} of all files in the order of their names. */
    @Override
    public String sha256() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            shards.forEach((name, shard) ->
                    digest.update("%s  %s\n".formatted(shard.sha256(), name).getBytes(StandardCharsets.UTF_8)));
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every Java platform has SHA-256", impossible);
        }
    }

    @Override
    public void unload() {
        shards.values().forEach(Safetensors::unload);
    }

    @Override
    public void close() {
        shards.values().forEach(Safetensors::close);
    }

    @Override
    public String toString() {
        return "%s: %d safetensors files, %d tensors, %d bytes"
                .formatted(index, shards.size(), shardOfTensor.size(), bytes());
    }
}
