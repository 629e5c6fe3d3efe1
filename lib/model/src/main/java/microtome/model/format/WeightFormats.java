package microtome.model.format;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Opens whatever weight file it is given; the first bytes decide, the name only helps to explain what is wrong. */
public final class WeightFormats {
    private static final int HEAD = 64;
    private static final String INDEX = "model.safetensors.index.json";
    private static final Pattern SHARD = Pattern.compile("(.*)-\\d+-of-\\d+\\.safetensors");
    private static final String KINDS = "GGUF, safetensors, the index of several safetensors files, or NumPy arrays";

    private WeightFormats() {}

    /**
     * Opens a weight file, or the one weight file of a folder.
     *
     * @throws BadWeightFile when it is damaged, a pickle, or of no kind that is read
     */
    public static WeightFile open(Path path) {
        Path file = weightsOf(path);
        if (file.getFileName().toString().endsWith(".index.json")) {
            return ShardedSafetensors.open(file);
        }
        byte[] head = head(file);
        if (startsWith(head, "GGUF")) {
            return Gguf.open(file);
        }
        if (NumpyFile.hasMagic(head)) {
            return openArrays(file);
        }
        if (isSafetensors(file, head)) {
            return Safetensors.open(file);
        }
        if (PickleFile.hasMagic(head)) {
            throw PickleFile.refusal(file);
        }
        if (head.length > Long.BYTES && head[Long.BYTES] == '{') {
            return Safetensors.open(file);
        }
        return openByName(file, head);
    }

    /** Arrays, unless it is what PyTorch puts into a zip archive, whole or not. */
    private static WeightFile openArrays(Path file) {
        try {
            return NumpyFile.open(file);
        } catch (BadWeightFile wrong) {
            throw PickleFile.hasName(file) ? PickleFile.refusal(file) : wrong;
        }
    }

    /** Whether a length that fits the file stands before a brace; a length may begin like a pickle, with 80 02. */
    private static boolean isSafetensors(Path file, byte[] head) {
        if (head.length <= Long.BYTES || head[Long.BYTES] != '{') {
            return false;
        }
        long length = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getLong();
        return length > 0 && length < file.toFile().length();
    }

    /** The bytes fit nothing; the name says which reader can best explain why. */
    private static WeightFile openByName(Path file, byte[] head) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        if (startsWith(head, "version https://git-lfs")) {
            throw unknown(file, "a Git LFS pointer instead of the file", "run 'git lfs pull' in its repository");
        }
        if (startsWith(head, "<!") || startsWith(head, "<html")) {
            throw unknown(file, "a web page instead of the file", "download the file itself, not the page about it");
        }
        if (head.length == 0) {
            throw unknown(file, "an empty file", BadWeightFile.DOWNLOAD_AGAIN);
        }
        if (name.endsWith(".gguf")) {
            return Gguf.open(file);
        }
        if (name.endsWith(".safetensors")) {
            return Safetensors.open(file);
        }
        if (name.endsWith(".npy") || name.endsWith(".npz")) {
            throw unknown(file, "neither an array of NumPy nor a zip archive", BadWeightFile.DOWNLOAD_AGAIN);
        }
        if (PickleFile.hasName(file)) {
            throw PickleFile.refusal(file);
        }
        throw unknown(file, "bytes of no known kind", "give a .gguf, .safetensors, .npy or .npz file");
    }

    private static BadWeightFile unknown(Path file, String found, String fix) {
        return new BadWeightFile(file, "kind", found, KINDS, fix);
    }

    /** The file that holds the weights: the path itself, or what lies in the folder. */
    public static Path weightsOf(Path path) {
        if (!Files.isDirectory(path)) {
            return path;
        }
        for (String usual : List.of("model.safetensors", INDEX)) {
            if (Files.isRegularFile(path.resolve(usual))) {
                return path.resolve(usual);
            }
        }
        return onlyWeights(path, contents(path));
    }

    private static Path onlyWeights(Path folder, List<Path> contents) {
        List<Path> weights = Stream.of(".gguf", ".safetensors", ".npz")
                .map(ending -> ending(contents, ending))
                .filter(found -> !found.isEmpty())
                .findFirst()
                .orElse(List.of());
        if (weights.size() == 1) {
            return weights.getFirst();
        }
        if (weights.size() > 1) {
            throw several(folder, weights);
        }
        contents.stream().filter(PickleFile::hasName).findFirst().ifPresent(pickle -> {
            throw PickleFile.refusal(pickle);
        });
        throw new BadWeightFile(
                folder,
                "folder",
                contents.isEmpty() ? "an empty folder" : "no weight file among: " + names(contents),
                "model.safetensors, " + INDEX + " or a .gguf file",
                "give a folder that holds a model");
    }

    private static BadWeightFile several(Path folder, List<Path> weights) {
        boolean shards = weights.stream()
                .allMatch(file -> SHARD.matcher(file.getFileName().toString()).matches());
        return new BadWeightFile(
                folder,
                "folder",
                weights.size() + " weight files: " + names(weights),
                "one weight file, or model.safetensors",
                shards
                        ? "these are parts of one model; download " + INDEX + " beside them"
                        : "give the path of the file you mean");
    }

    private static List<Path> ending(List<Path> files, String ending) {
        return files.stream()
                .filter(file ->
                        file.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(ending))
                .toList();
    }

    private static String names(List<Path> files) {
        List<String> names = files.stream()
                .limit(8)
                .map(file -> file.getFileName().toString())
                .toList();
        return String.join(", ", names) + (files.size() > names.size() ? ", …" : "");
    }

    private static List<Path> contents(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(folder + ": cannot be listed", failure);
        }
    }

    private static byte[] head(Path file) {
        try (InputStream stream = Files.newInputStream(file)) {
            return stream.readNBytes(HEAD);
        } catch (NoSuchFileException missing) {
            throw new UncheckedIOException(file + ": there is no such file", missing);
        } catch (IOException failure) {
            throw new UncheckedIOException(file + ": cannot be read", failure);
        }
    }

    private static boolean startsWith(byte[] head, String text) {
        byte[] wanted = text.getBytes(StandardCharsets.US_ASCII);
        return head.length >= wanted.length
                && new String(head, 0, wanted.length, StandardCharsets.ISO_8859_1).equals(text);
    }
}
