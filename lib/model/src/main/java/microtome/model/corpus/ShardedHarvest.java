package microtome.model.corpus;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import microtome.model.Harvest;
import microtome.model.LanguageModel;
import microtome.model.ModelCard;
import microtome.model.Site;
import microtome.model.corpus.document.Documents;
import microtome.model.token.TokenSequence;
import microtome.tensor.Shape;

/**
 * Writes shard after shard. Which batches a shard has is decided before any of them runs and depends on the corpus and the
 * options only, so a harvest that goes on makes the same shards as one that was never stopped.
 */
final class ShardedHarvest {
    private final LanguageModel model;
    private final Documents documents;
    private final CorpusOptions options;
    private final List<Site> sites;
    private final ShardOptions shards;

    ShardedHarvest(
            LanguageModel model, Documents documents, CorpusOptions options, List<Site> sites, ShardOptions shards) {
        this.model = model;
        this.documents = documents;
        this.options = options;
        this.sites = sites;
        this.shards = shards;
    }

    ActivationShards into(Path folder) {
        var wanted = new Manifest(made(), List.of(), false);
        Manifest manifest = Manifest.find(folder)
                .map(found -> found.requireMadeLike(wanted, folder))
                .orElse(wanted);
        if (!manifest.complete()) {
            prepare(folder);
            try (var streaming = new Streaming(model, documents, options, sites)) {
                var writing = new Writing(folder, streaming, manifest, rowShapes());
                if (streaming.read(writing::take).complete()) {
                    writing.finish();
                }
            }
        }
        return ActivationShards.open(folder);
    }

    private Map<String, String> made() {
        ModelCard card = model.card();
        var made = new LinkedHashMap<String, String>();
        made.put(
                "model",
                card.sha256().isEmpty()
                        ? "%s, %,d bytes, %,d parameters".formatted(card.name(), card.fileBytes(), card.parameters())
                        : "sha256 " + card.sha256());
        made.put("computes in", card.computation());
        made.put("sites", sites.stream().map(Site::name).collect(Collectors.joining(", ")));
        made.put("corpus", documents.fingerprint().map(hash -> "sha256 " + hash).orElse("stream " + documents));
        made.put("options", options.toString());
        made.put("shards", "%s, at most %,d bytes each".formatted(shards.type(), shards.bytes()));
        return made;
    }

    /** Makes the folder and removes what a killed process left unfinished in it. */
    private static void prepare(Path folder) {
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new IllegalArgumentException("%s is a file; shards are written into a folder, such as %s"
                    .formatted(folder, folder.resolveSibling(folder.getFileName() + ".shards")));
        }
        try {
            Files.createDirectories(folder);
            try (var left = Files.newDirectoryStream(folder, "*.part")) {
                for (Path part : left) {
                    Files.delete(part);
                }
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("%s: cannot be made ready for shards".formatted(folder), failure);
        }
    }

    /** What one row of every site looks like, from a run of a single token. */
    private Map<Site, Shape> rowShapes() {
        var shapes = new LinkedHashMap<Site, Shape>();
        try (var scope = model.engine().openScope()) {
            var harvest = new Harvest(scope, sites);
            model.run(List.of(TokenSequence.ofIds(0)), harvest);
            for (Site site : sites) {
                long[] extents = harvest.get(site).shape().extents();
                shapes.put(site, Shape.of(Arrays.copyOfRange(extents, 2, extents.length)));
            }
        }
        return shapes;
    }

    /** One way through the corpus. */
    private final class Writing {
        private final Path folder;
        private final Streaming streaming;
        private final Map<Site, Shape> rowShapes;
        private final long rowBytes;
        private Manifest manifest;
        private int next;

        Writing(Path folder, Streaming streaming, Manifest manifest, Map<Site, Shape> rowShapes) {
            this.folder = folder;
            this.streaming = streaming;
            this.manifest = manifest;
            this.rowShapes = rowShapes;
            this.rowBytes = shards.type().blockBytes()
                    * rowShapes.values().stream().mapToLong(Shape::elements).sum();
        }

        void take(Window window) {
            for (List<Batch> group : groups(window.batches())) {
                if (rows(group) == 0) {
                    group.forEach(streaming::count);
                } else if (next < manifest.shards().size()) {
                    requireSame(manifest.shards().get(next++), group, window);
                    group.forEach(streaming::count);
                } else {
                    write(group, window);
                    next++;
                }
                streaming.show();
            }
        }

        /** Batches of one window that fit into a shard together. */
        private List<List<Batch>> groups(List<Batch> batches) {
            var groups = new ArrayList<List<Batch>>();
            long bytes = 0;
            for (Batch batch : batches) {
                bytes += rowBytes * batch.rows();
                if (groups.isEmpty() || bytes > shards.bytes()) {
                    groups.add(new ArrayList<>());
                    bytes = rowBytes * batch.rows();
                }
                groups.getLast().add(batch);
            }
            return groups;
        }

        private void requireSame(Manifest.Shard shard, List<Batch> group, Window window) {
            boolean same = shard.rows() == rows(group) && shard.corpus().equals(window.fingerprint());
            if (!same) {
                throw new IllegalArgumentException(
                        "%s: %s was made from other documents than the first %,d of %s are now; use another folder, or remove this one to begin anew"
                                .formatted(folder, shard.file(), window.taken(), documents));
            }
        }

        private void write(List<Batch> group, Window window) {
            String file = "shard-%05d.safetensors".formatted(next);
            try (var buffer = new ShardBuffer(group, rowShapes, shards.type())) {
                for (Batch batch : group) {
                    streaming.run(batch, buffer::take);
                    streaming.show();
                }
                streaming.undisturbed(() -> {
                    buffer.write(folder.resolve(file));
                    group.forEach(streaming::count);
                    var shard = new Manifest.Shard(file, rows(group), streaming.finished(), window.fingerprint());
                    manifest = manifest.with(shard);
                    manifest.write(folder);
                });
            } catch (UncheckedIOException failure) {
                throw new UncheckedIOException(
                        "%s; %d complete shards are kept, and the same call goes on after them"
                                .formatted(
                                        failure.getMessage(), manifest.shards().size()),
                        failure.getCause());
            }
        }

        void finish() {
            if (next < manifest.shards().size()) {
                throw new IllegalArgumentException(
                        "%s holds %d shards, %s makes %d; use another folder, or remove this one"
                                .formatted(folder, manifest.shards().size(), documents, next));
            }
            manifest.finished().write(folder);
        }
    }

    private static long rows(List<Batch> group) {
        return group.stream().mapToLong(Batch::rows).sum();
    }
}
