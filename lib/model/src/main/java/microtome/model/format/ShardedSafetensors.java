package microtome.model.format;

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
import java.util.function.Function;

/** One model in several safetensors files, held together by {@code model.safetensors.index.json}. */
public final class ShardedSafetensors implements WeightFile {
    /** A model of a trillion parameters, every expert by name, takes 10 MB. */
    private static final long LARGEST_INDEX = 64L << 20;

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
        return open(index, ShardIndex.parse(index, ConfigFile.text(index, LARGEST_INDEX)), ShardedSafetensors::shard);
    }

    /** The files that an index names, each opened once by {@code opener}. */
    static ShardedSafetensors open(Path index, Map<String, Path> files, Function<Path, Safetensors> opener) {
        Map<String, Safetensors> shards = new TreeMap<>();
        Map<String, Safetensors> shardOfTensor = new LinkedHashMap<>();
        try {
            files.forEach((tensor, file) -> {
                String name = file.getFileName().toString();
                if (!shards.containsKey(name)) {
                    shards.put(name, opener.apply(file));
                }
                requireTensor(index, shards.get(name), tensor);
                shardOfTensor.put(tensor, shards.get(name));
            });
        } catch (RuntimeException | Error failure) {
            shards.values().forEach(Safetensors::close);
            throw failure;
        }
        return new ShardedSafetensors(index, shards, shardOfTensor);
    }

    private static Safetensors shard(Path file) {
        if (PickleFile.hasName(file)) {
            throw PickleFile.refusal(file);
        }
        if (!Files.isRegularFile(file)) {
            throw new BadWeightFile(
                    file,
                    "file",
                    "the index names it, and it is not there",
                    "every file of the index beside it",
                    "download all files of the model again");
        }
        return Safetensors.open(file);
    }

    private static void requireTensor(Path index, Safetensors shard, String tensor) {
        if (!shard.has(tensor)) {
            throw ShardIndex.bad(
                    index,
                    "tensor '" + tensor + "'",
                    "nothing of this name in " + shard.path().getFileName(),
                    "tensors that are in their file");
        }
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
