package microtome.cli;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import microtome.Microtome;
import microtome.model.Harvest;
import microtome.model.LanguageModel;
import microtome.model.ModelCard;
import microtome.model.Site;
import microtome.model.format.SafetensorsWriter;
import microtome.model.format.StoredType;
import microtome.model.token.TokenSequence;
import microtome.tensor.DType;
import microtome.tensor.Shape;
import microtome.tensor.Tensor;

/**
 * The file of {@code activations}: {@code token_ids} and the values of some sites under their names, with where they came
 * from. Values go from the engine to the disk one by one, so the Java heap never holds them.
 */
record ActivationsFile(Path path, String text, String sha256) {
    private static final String TOKEN_IDS = "token_ids";

    /** What was written. */
    record Written(int tensors, long bytes) {}

    Written write(LanguageModel model, TokenSequence tokens, List<Site> sites) {
        try (var scope = model.engine().openScope();
                var writer = SafetensorsWriter.to(path)) {
            var harvest = new Harvest(scope, sites);
            model.run(List.of(tokens), harvest);
            describe(writer, model.card());
            writer.declare(TOKEN_IDS, StoredType.I32, Shape.of(tokens.size()));
            sites.forEach(site -> writer.declare(
                    site.name(),
                    StoredType.F32,
                    withoutSequences(harvest.get(site).shape())));
            writer.write(TOKEN_IDS, tokens.ids());
            long bytes = (long) Integer.BYTES * tokens.size();
            for (Site site : sites) {
                bytes += write(writer, site.name(), harvest.get(site));
            }
            writer.finish();
            return new Written(1 + sites.size(), bytes);
        }
    }

    private void describe(SafetensorsWriter writer, ModelCard card) {
        writer.metadata("model", card.name())
                .metadata("sha256", sha256)
                .metadata("text", text)
                .metadata("device", card.device())
                .metadata("precision", card.computation())
                .metadata("version", Microtome.version());
    }

    private static long write(SafetensorsWriter writer, String name, Tensor value) {
        if (value.dtype() != DType.F32) {
            try (Tensor cast = value.cast(DType.F32)) {
                return write(writer, name, cast);
            }
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(value.type().bytes(), Float.BYTES);
            value.download(bytes);
            writer.write(name, bytes);
            return bytes.byteSize();
        }
    }

    private static Shape withoutSequences(Shape shape) {
        long[] extents = shape.extents();
        return Shape.of(Arrays.copyOfRange(extents, 1, extents.length));
    }
}
