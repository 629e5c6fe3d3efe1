package microtome.model.corpus;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import microtome.model.Site;
import microtome.model.corpus.fold.Fold;
import microtome.model.corpus.fold.RowPlaces;
import microtome.model.format.Safetensors;
import microtome.model.format.StoredTensor;
import microtome.tensor.Engine;
import microtome.tensor.Shape;
import microtome.tensor.Tensor;

/**
 * Activations of a corpus on disk. Every shard is a safetensors file with {@code document} (I64), {@code position} and
 * {@code token_ids} (I32), {@code [rows]} each, and the values of every site under its name, {@code [rows, ...]}. Rows are
 * sorted by length of their sequence within a window, not by document. Files are mapped while they are read.
 */
public final class ActivationShards {
    /** Larger than the depth of any model; names only are checked here. */
    private static final int ANY_DEPTH = 1 << 20;

    private static final int FOLDED_ROWS = 2048;

    private final Path folder;
    private final Manifest manifest;
    private final List<Site> sites;

    private ActivationShards(Path folder, Manifest manifest) {
        this.folder = folder;
        this.manifest = manifest;
        this.sites = Arrays.stream(manifest.made().get("sites").split(", "))
                .map(name -> Site.parse(name, ANY_DEPTH))
                .toList();
    }

    /**
     * The shards of a folder, as many as are complete.
     *
     * @throws IllegalArgumentException when there is no manifest, or a damaged one
     */
    public static ActivationShards open(Path folder) {
        Manifest manifest = Manifest.find(folder)
                .orElseThrow(() -> new IllegalArgumentException(
                        "%s holds no %s; CorpusHarvest.store makes such a folder".formatted(folder, Manifest.FILE)));
        return new ActivationShards(folder, manifest);
    }

    /** The folder. */
    public Path folder() {
        return folder;
    }

    /** The sites whose values are there. */
    public List<Site> sites() {
        return sites;
    }

    /** Rows of every site, in all shards together. */
    public long rows() {
        return manifest.shards().stream().mapToLong(Manifest.Shard::rows).sum();
    }

    /** Documents that were read to their end. */
    public long documents() {
        return manifest.shards().isEmpty() ? 0 : manifest.shards().getLast().documents();
    }

    /** Whether the corpus was read to its end; else the call that made the folder goes on when it is made again. */
    public boolean complete() {
        return manifest.complete();
    }

    /** The files, in order. */
    public List<Path> files() {
        return manifest.shards().stream()
                .map(shard -> folder.resolve(shard.file()))
                .toList();
    }

    /**
     * Some rows of a site.
     *
     * @param values {@code [rows, features]}, mapped; valid while it is reachable
     * @param places where each row comes from
     */
    public record Rows(StoredTensor values, RowPlaces places) {

        /** As a tensor over the mapped file, without a copy where the device allows it. */
        public Tensor on(Engine engine) {
            return engine.wrap(values.bytes(), values.type());
        }
    }

    /**
     * Reads the rows of a site in their order.
     *
     * @param most rows at a time; where a shard ends there are fewer
     */
    public void forEach(Site site, int most, Consumer<Rows> reader) {
        requireStored(site);
        if (most < 1) {
            throw new IllegalArgumentException("%d rows at a time: need at least 1".formatted(most));
        }
        for (Path file : files()) {
            try (Safetensors shard = Safetensors.open(file)) {
                StoredTensor whole = shard.tensor(site.name());
                int rows = Math.toIntExact(whole.shape().extent(0));
                var places = new Places(shard);
                for (int from = 0; from < rows; from += most) {
                    int to = Math.min(rows, from + most);
                    reader.accept(new Rows(rows(whole, from, to), places.slice(from, to)));
                }
            }
        }
    }

    /** Folds the stored rows of a site, as {@link CorpusHarvest#fold} does with those of a running model. */
    public <R> R fold(Engine engine, Site site, Supplier<? extends Fold<R>> making) {
        Fold<R> fold = making.get();
        try {
            var begun = new boolean[1];
            forEach(site, FOLDED_ROWS, rows -> {
                try (var _ = engine.openScope()) {
                    Tensor values = rows.on(engine);
                    if (!begun[0]) {
                        fold.begin(engine, Math.toIntExact(values.extent(1)));
                        begun[0] = true;
                    }
                    fold.accept(values, rows.places());
                    engine.synchronize();
                }
            });
            if (!begun[0]) {
                throw new IllegalArgumentException("%s has no complete shard yet".formatted(folder));
            }
            return fold.result();
        } finally {
            fold.close();
        }
    }

    private void requireStored(Site site) {
        if (!sites.contains(site)) {
            throw new IllegalArgumentException(
                    "%s: site %s is not stored; stored are %s".formatted(folder, site, sites));
        }
    }

    private static StoredTensor rows(StoredTensor whole, int from, int to) {
        long features = whole.shape().elements() / whole.shape().extent(0);
        long rowBytes = features * whole.storedType().blockBytes();
        MemorySegment bytes = whole.bytes().asSlice(from * rowBytes, (to - from) * rowBytes);
        return new StoredTensor(whole.name(), whole.storedType(), Shape.of(to - from, features), bytes);
    }

    /** Documents, positions and tokens of a shard. */
    private record Places(long[] documents, int[] positions, int[] tokens) {
        private static final ValueLayout.OfLong LONG =
                ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
        private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

        Places(Safetensors shard) {
            this(
                    shard.tensor(ShardBuffer.DOCUMENTS).bytes().toArray(LONG),
                    shard.tensor(ShardBuffer.POSITIONS).bytes().toArray(INT),
                    shard.tensor(ShardBuffer.TOKENS).bytes().toArray(INT));
        }

        RowPlaces slice(int from, int to) {
            return new RowPlaces(
                    Arrays.copyOfRange(documents, from, to),
                    Arrays.copyOfRange(positions, from, to),
                    Arrays.copyOfRange(tokens, from, to));
        }
    }

    @Override
    public String toString() {
        return "%s: %,d rows of %s in %d shards%s"
                .formatted(
                        folder,
                        rows(),
                        manifest.made().get("sites"),
                        manifest.shards().size(),
                        complete() ? "" : "; not complete");
    }
}
