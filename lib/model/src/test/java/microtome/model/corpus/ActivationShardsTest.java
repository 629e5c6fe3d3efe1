package microtome.model.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import microtome.model.LanguageModel;
import microtome.model.Site;
import microtome.model.corpus.document.Documents;
import microtome.model.corpus.fold.ColumnMoments;
import microtome.model.corpus.fold.Folds;
import microtome.model.corpus.fold.RowPlaces;
import microtome.model.format.StoredType;
import microtome.model.token.TokenSequence;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ActivationShardsTest {
    @TempDir
    private static Path shared;

    private static LanguageModel model;
    private static ActivationShards whole;

    @TempDir
    private Path folder;

    @BeforeAll
    static void harvest() {
        model = TinyModel.load();
        whole = StoredHarvest.into(shared.resolve("whole"), model);
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @Test
    void everyRowIsThereOnceAndShardsAreNoLargerThanAsked() throws IOException {
        assertThat(whole.complete()).isTrue();
        assertThat(whole.documents()).isEqualTo(4000);
        assertThat(whole.files()).hasSizeGreaterThan(20);
        for (Path file : whole.files()) {
            assertThat(Files.size(file)).isLessThan(StoredHarvest.SHARDS.bytes() + 64 * 200 + 4096);
        }
        List<TokenSequence> sequences = TinyModel.sequences(4000, 60, 6);
        var seen = new TreeMap<Long, Integer>();
        whole.forEach(Site.residual(0), 100, rows -> {
            RowPlaces places = rows.places();
            assertThat(rows.values().shape().extent(0)).isEqualTo(places.rows()).isLessThanOrEqualTo(100);
            for (int row = 0; row < places.rows(); row++) {
                seen.merge(places.documents()[row], 1, Integer::sum);
                assertThat(places.tokens()[row])
                        .isEqualTo(sequences
                                .get((int) places.documents()[row])
                                .token(places.positions()[row])
                                .id());
            }
        });
        long expected = 0;
        for (int document = 0; document < 4000; document++) {
            int length = sequences.get(document).size();
            int rows = length - Math.ceilDiv(length, 40); // the first of every piece is skipped
            assertThat(seen.getOrDefault((long) document, 0)).isEqualTo(rows);
            expected += rows;
        }
        assertThat(whole.rows()).isEqualTo(expected);
    }

    @Test
    void storedRowsFoldLikeThoseOfTheRunningModel() {
        Folded<ColumnMoments> running = StoredHarvest.of(model).fold(StoredHarvest.SITES, Folds::moments);
        for (Site site : StoredHarvest.SITES) {
            ColumnMoments stored = whole.fold(model.engine(), site, Folds::moments);
            assertThat(stored.count()).isEqualTo(running.at(site).count());
            for (int i = 0; i < stored.features(); i++) {
                // The same F32 values; what differs is the order of sums in double precision.
                assertThat(stored.mean()[i]).isCloseTo(running.at(site).mean()[i], within(1e-12));
                assertThat(stored.variance()[i]).isCloseTo(running.at(site).variance()[i], within(1e-11));
            }
        }
        assertThatThrownBy(() -> whole.fold(model.engine(), Site.residual(1), Folds::moments))
                .hasMessageContaining("site residual.1 is not stored");
    }

    @Test
    void aKilledHarvestGoesOnAndGivesTheSameBytes() throws IOException, InterruptedException {
        Path target = folder.resolve("killed");
        Process process = start(target);
        while (process.isAlive()
                && Manifest.find(target).map(found -> found.shards().size()).orElse(0) < 3) {
            Thread.sleep(2);
        }
        process.destroyForcibly().waitFor();
        ActivationShards part = ActivationShards.open(target);
        assertThat(part.complete()).as("killed in time").isFalse();
        int kept = part.files().size();
        assertThat(kept).isBetween(3, whole.files().size() - 1);
        var times = new TreeMap<Path, Object>();
        for (Path file : part.files()) {
            times.put(file, Files.getLastModifiedTime(file));
        }
        Files.writeString(target.resolve("shard-00099.safetensors.1-2.part"), "left behind");
        assertThat(StoredHarvest.into(target, model).complete()).isTrue();
        for (Map.Entry<Path, Object> file : times.entrySet()) {
            assertThat(Files.getLastModifiedTime(file.getKey())).isEqualTo(file.getValue());
        }
        assertSameFiles(target);
    }

    private static Process start(Path target) throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--enable-native-access=ALL-UNNAMED");
        for (String name : List.of("microtome.native", "microtome.budget")) {
            if (System.getProperty(name) != null) {
                command.add("-D%s=%s".formatted(name, System.getProperty(name)));
            }
        }
        command.addAll(List.of(
                "-cp", System.getProperty("java.class.path"), StoredHarvest.class.getName(), target.toString()));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    @Test
    void aShardThatCannotBeWrittenLeavesTheOthers() throws IOException {
        Path target = folder.resolve("full");
        Path obstacle = target.resolve("shard-00002.safetensors");
        Files.createDirectories(obstacle);
        Path inside = Files.writeString(obstacle.resolve("file"), "in the way");
        assertThatThrownBy(() -> StoredHarvest.into(target, model))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("shard-00002.safetensors: cannot be written")
                .hasMessageEndingWith("2 complete shards are kept, and the same call goes on after them");
        assertThat(ActivationShards.open(target).files()).hasSize(2);
        try (Stream<Path> files = Files.list(target)) {
            assertThat(files.filter(file -> file.toString().endsWith(".part"))).isEmpty();
        }
        Files.delete(inside);
        Files.delete(obstacle);
        StoredHarvest.into(target, model);
        assertSameFiles(target);
    }

    @Test
    void anInterruptKeepsCompleteShards() throws IOException {
        Path target = folder.resolve("stopped");
        List<TokenSequence> sequences = TinyModel.sequences(4000, 60, 6);
        Thread cell = Thread.currentThread();
        Documents interrupting = Documents.streamOfTokens("texts", () -> new java.util.Iterator<>() {
            private int next;

            @Override
            public boolean hasNext() {
                return next < sequences.size();
            }

            @Override
            public TokenSequence next() {
                if (next == 2000 && Files.notExists(target.resolve("once"))) {
                    create(target.resolve("once"));
                    cell.interrupt();
                }
                return sequences.get(next++);
            }
        });
        CorpusHarvest harvest = CorpusHarvest.of(model, interrupting).with(StoredHarvest.OPTIONS);
        ActivationShards part = harvest.store(target, StoredHarvest.SITES, StoredHarvest.SHARDS);
        assertThat(part.complete()).isFalse();
        assertThat(part.documents()).isBetween(1L, 2000L);
        assertThat(harvest.store(target, StoredHarvest.SITES, StoredHarvest.SHARDS)
                        .complete())
                .isTrue();
        Files.delete(target.resolve("once"));
        for (Path file : whole.files()) {
            assertThat(target.resolve(file.getFileName())).hasSameBinaryContentAs(file);
        }
    }

    private static void create(Path file) {
        try {
            Files.createFile(file);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Test
    void anotherHarvestInTheSameFolderIsRefusedWithWhatDiffers() {
        Path target = shared.resolve("whole");
        CorpusHarvest same = StoredHarvest.of(model);
        assertThatThrownBy(() -> same.store(target, List.of(Site.residual(0)), StoredHarvest.SHARDS))
                .hasMessage(
                        "%s holds another harvest (sites: residual.0, head_output.1, residual.3 there, residual.0 now); use another folder, or remove this one to begin anew"
                                .formatted(target));
        assertThatThrownBy(() -> same.with(StoredHarvest.OPTIONS.skipFirst(0))
                        .store(target, StoredHarvest.SITES, StoredHarvest.SHARDS))
                .hasMessageContaining("options: length 40")
                .hasMessageContaining("first 0 positions skipped");
        assertThatThrownBy(() -> same.store(target, StoredHarvest.SITES, StoredHarvest.SHARDS.bytes(7)))
                .hasMessageContaining("at most 7 bytes each now");
        Documents fewer = Documents.ofTokens(TinyModel.sequences(3999, 60, 6));
        assertThatThrownBy(() -> CorpusHarvest.of(model, fewer)
                        .with(StoredHarvest.OPTIONS)
                        .store(target, StoredHarvest.SITES, StoredHarvest.SHARDS))
                .hasMessageContaining("corpus: sha256 ");
    }

    @Test
    void aFileInPlaceOfTheFolderIsLeftAsItIs() throws IOException {
        Path file = Files.writeString(folder.resolve("mine.txt"), "mine");
        assertThatThrownBy(() -> StoredHarvest.of(model).store(file, StoredHarvest.SITES))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("mine.txt is a file; shards are written into a folder, such as ");
        assertThat(file).hasContent("mine");
    }

    @Test
    void aStreamThatChangedIsNoticedWhereItWasRead() {
        Path target = folder.resolve("stream");
        var sequences = new ArrayList<>(TinyModel.sequences(200, 30, 7));
        Documents stream = Documents.streamOfTokens("texts", sequences::iterator);
        CorpusHarvest harvest = CorpusHarvest.of(model, stream).with(StoredHarvest.OPTIONS);
        harvest.store(target, StoredHarvest.SITES);
        Manifest made = Manifest.find(target).orElseThrow();
        new Manifest(made.made(), made.shards().subList(0, 1), false).write(target);
        sequences.set(0, TokenSequence.ofIds(1, 2, 3));
        assertThatThrownBy(() -> harvest.store(target, StoredHarvest.SITES))
                .hasMessageContaining("shard-00000.safetensors was made from other documents");
    }

    @Test
    void narrowerTypesAreRounded() {
        Documents few = Documents.ofTokens(TinyModel.sequences(20, 30, 7));
        CorpusHarvest harvest = CorpusHarvest.of(model, few);
        Site site = Site.residual(1);
        ColumnMoments exact =
                harvest.store(folder.resolve("f32"), List.of(site)).fold(model.engine(), site, Folds::moments);
        ActivationShards narrow =
                harvest.store(folder.resolve("bf16"), List.of(site), ShardOptions.DEFAULT.type(StoredType.BF16));
        ColumnMoments rounded = narrow.fold(model.engine(), site, Folds::moments);
        for (int i = 0; i < exact.features(); i++) {
            double deviation = Math.sqrt(exact.variance()[i]) + Math.abs(exact.mean()[i]);
            assertThat(rounded.mean()[i]).isCloseTo(exact.mean()[i], within(deviation / 256));
        }
        assertThatThrownBy(() -> ShardOptions.DEFAULT.type(StoredType.Q4_0))
                .hasMessageContaining("use F32, BF16 or F16");
    }

    @Test
    void aFolderWithoutShardsOrWithADamagedManifestIsRefused() throws IOException {
        assertThatThrownBy(() -> ActivationShards.open(folder)).hasMessageContaining("holds no manifest.json");
        Files.writeString(folder.resolve("manifest.json"), "{\"format\": 3}");
        assertThatThrownBy(() -> ActivationShards.open(folder))
                .hasMessageContaining("manifest.json is damaged")
                .hasMessageContaining("remove the folder");
    }

    private static void assertSameFiles(Path target) throws IOException {
        try (Stream<Path> files = Files.list(target)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(names(shared.resolve("whole")));
        }
        for (String name : names(target)) {
            assertThat(target.resolve(name))
                    .hasSameBinaryContentAs(shared.resolve("whole").resolve(name));
        }
    }

    private static List<String> names(Path of) throws IOException {
        try (Stream<Path> files = Files.list(of)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
