package microtome.model.format;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The index of a model in several safetensors files: tensor name → the file beside the index that holds it. */
final class ShardIndex {
    private static final String WEIGHT_MAP = "weight_map";

    private final Path path;
    private final Map<String, Path> files = new LinkedHashMap<>();
    private final Map<String, Path> known = new LinkedHashMap<>();

    private ShardIndex(Path path) {
        this.path = path;
    }

    static Map<String, Path> parse(Path path, String text) {
        ShardIndex index = new ShardIndex(path);
        StrictJson.read(path, "index", text, index::read);
        if (index.files.isEmpty()) {
            throw bad(path, WEIGHT_MAP, "no tensor in an object of this name", "an object: tensor name → file name");
        }
        return index.files;
    }

    private void read(StrictJson json) throws IOException {
        json.begin("index");
        while (json.nextField()) {
            if (json.field().equals(WEIGHT_MAP)) {
                readFiles(json);
            } else {
                json.skipValue();
            }
        }
    }

    private void readFiles(StrictJson json) throws IOException {
        json.begin(WEIGHT_MAP);
        while (json.nextField()) {
            String tensor = json.field();
            String name = json.string("tensor '" + tensor + "'");
            Path file = known.get(name);
            if (file == null) {
                file = file(tensor, name);
                known.put(name, file);
            }
            files.put(tensor, file);
        }
    }

    /** A file beside the index: one from the network must not lead out of its folder. */
    private Path file(String tensor, String name) {
        try {
            if (isPlain(name)) {
                return path.resolveSibling(name);
            }
        } catch (InvalidPathException ignored) {
            // Text that the file system has no bytes for; refused like every other name that is none.
        }
        throw bad(path, "tensor '" + tensor + "'", "'" + name + "'", "the name of a file beside the index");
    }

    private static boolean isPlain(String name) {
        return !name.isEmpty()
                && !name.startsWith("..")
                && !name.equals(".")
                && name.chars().noneMatch(symbol -> Character.isISOControl(symbol) || "/\\:".indexOf(symbol) >= 0);
    }

    static BadWeightFile bad(Path index, String where, String found, String allowed) {
        return new BadWeightFile(index, where, "found " + found, allowed, "download all files of the model again");
    }
}
