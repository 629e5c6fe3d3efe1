package microtome.model.corpus;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import microtome.model.Harvest;
import microtome.model.Site;
import microtome.model.corpus.fold.RowPlaces;
import microtome.model.format.SafetensorsWriter;
import microtome.model.format.StoredType;
import microtome.tensor.DType;
import microtome.tensor.Shape;
import microtome.tensor.Tensor;

/** The rows of one shard, outside the Java heap, until all are there. */
final class ShardBuffer implements AutoCloseable {
    static final String DOCUMENTS = "document";
    static final String POSITIONS = "position";
    static final String TOKENS = "token_ids";

    private final Arena arena = Arena.ofShared();
    private final Map<Site, MemorySegment> values = new LinkedHashMap<>();
    private final Map<Site, Shape> rowShapes;
    private final StoredType type;
    private final long[] documents;
    private final int[] positions;
    private final int[] tokens;
    private int filled;

    /**
     * @param rowShapes the shape of one row at every site
     */
    ShardBuffer(List<Batch> batches, Map<Site, Shape> rowShapes, StoredType type) {
        int rows = batches.stream().mapToInt(Batch::rows).sum();
        this.rowShapes = rowShapes;
        this.type = type;
        this.documents = new long[rows];
        this.positions = new int[rows];
        this.tokens = new int[rows];
        rowShapes.forEach((site, shape) ->
                values.put(site, arena.allocate(Math.max(1, rows * shape.elements() * type.blockBytes()), Long.BYTES)));
    }

    void take(Batch batch, Harvest harvest) {
        RowPlaces places = batch.places();
        System.arraycopy(places.documents(), 0, documents, filled, places.rows());
        System.arraycopy(places.positions(), 0, positions, filled, places.rows());
        System.arraycopy(places.tokens(), 0, tokens, filled, places.rows());
        DType stored = type.dtype().orElseThrow();
        values.forEach((site, target) -> {
            try (var _ = harvest.get(site).engine().openScope()) {
                Tensor rows = batch.rows(harvest.get(site));
                Tensor typed = rows.dtype() == stored ? rows : rows.cast(stored);
                long rowBytes = rowShapes.get(site).elements() * type.blockBytes();
                typed.download(target.asSlice(filled * rowBytes, places.rows() * rowBytes));
            }
        });
        filled += places.rows();
    }

    /** Puts the complete shard in its place in one step. */
    void write(Path file) {
        try (var writer = SafetensorsWriter.to(file)) {
            writer.declare(DOCUMENTS, StoredType.I64, Shape.of(filled))
                    .declare(POSITIONS, StoredType.I32, Shape.of(filled))
                    .declare(TOKENS, StoredType.I32, Shape.of(filled));
            rowShapes.forEach((site, shape) -> writer.declare(site.name(), type, rowsOf(shape)));
            writer.write(DOCUMENTS, MemorySegment.ofArray(documents));
            writer.write(POSITIONS, positions);
            writer.write(TOKENS, tokens);
            rowShapes.forEach((site, shape) -> writer.write(
                    site.name(), values.get(site).asSlice(0, filled * shape.elements() * type.blockBytes())));
            writer.finish();
        }
    }

    private Shape rowsOf(Shape row) {
        var extents = new long[row.rank() + 1];
        extents[0] = filled;
        System.arraycopy(row.extents(), 0, extents, 1, row.rank());
        return Shape.of(extents);
    }

    @Override
    public void close() {
        arena.close();
    }
}
