package microtome.model.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import microtome.model.format.BadWeightFile;
import microtome.model.format.WeightFile;
import microtome.model.format.WeightFormats;

/** A model whose file is known to the byte, because it comes as a pinned package. */
record BundledModel(String name, String file, long bytes, String sha256) {
    private static final String LIST = "bundled-models.txt";
    private static final String FIX = "delete it and get it again with environment/run";

    static List<BundledModel> all() {
        try (InputStream stream = BundledModel.class.getResourceAsStream(LIST)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(BundledModel::parse)
                    .toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(LIST + " cannot be read", failure);
        }
    }

    private static BundledModel parse(String line) {
        String[] words = line.trim().split("\\s+");
        return new BundledModel(words[0], words[1], Long.parseLong(words[2]), words[3]);
    }

    static Optional<BundledModel> named(String name, List<BundledModel> models) {
        return models.stream().filter(model -> model.name.equals(name)).findFirst();
    }

    /** Fails when a file is not this one. The sum is computed once; a stamp beside the file remembers it. */
    void check(Path path) {
        try {
            if (Files.size(path) != bytes) {
                throw new BadWeightFile(path, "size", Files.size(path) + " bytes", bytes + " bytes", FIX);
            }
            CheckedStamp stamp = CheckedStamp.of(path, sha256);
            if (!stamp.isThere()) {
                requireSum(path);
                stamp.leave();
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(path + ": cannot be read", failure);
        }
    }

    private void requireSum(Path path) {
        try (WeightFile weights = WeightFormats.open(path)) {
            if (!weights.sha256().equals(sha256)) {
                throw new BadWeightFile(path, "SHA-256", weights.sha256(), sha256, FIX);
            }
        }
    }
}
