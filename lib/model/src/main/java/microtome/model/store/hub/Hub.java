package microtome.model.store.hub;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import microtome.display.Progress;
import microtome.model.format.Nearest;

/** The hub and its cache on this machine. */
public final class Hub {
    private static final System.Logger LOG = System.getLogger(Hub.class.getName());
    private static final int LISTINGS = 3;

    private final HubSettings settings;
    private final HubCache cache;
    private final Pace pace;
    private final Disk disk;

    /** A hub with these settings; nothing is asked of it yet. */
    public Hub(HubSettings settings) {
        this(settings, Pace.STANDARD, Disk.REAL);
    }

    Hub(HubSettings settings, Pace pace, Disk disk) {
        this.settings = settings;
        this.cache = new HubCache(settings.cache(), settings.symlinks());
        this.pace = pace;
        this.disk = disk;
    }

    /** Where the hub is and where its models are kept. */
    public HubSettings settings() {
        return settings;
    }

    /**
     * The model from the cache, without asking any network, when all of it is there; else it is downloaded first. A branch
     * is therefore what it was when it was downloaded; {@link #fetch} brings it up to date.
     *
     * @throws HubProblem when it can be had in neither way
     */
    public HubModel resolve(HubName name) {
        Optional<Snapshot> here = cache.commit(name).map(commit -> new Snapshot(cache, name, commit));
        Optional<HubModel> complete = here.flatMap(Snapshot::complete);
        if (complete.isPresent()) {
            return complete.get();
        }
        Optional<HubModel> usable = here.flatMap(Snapshot::usable);
        if (settings.offline()) {
            return usable.orElseThrow(() -> offline(name));
        }
        try {
            return fetch(name);
        } catch (HubProblem.Unreachable unreachable) {
            LOG.log(System.Logger.Level.DEBUG, "the cache must do", unreachable);
            return usable.orElseThrow(() -> unreachable);
        }
    }

    /**
     * Asks the hub which commit the revision is now and brings what is missing of it.
     *
     * @throws HubProblem when the hub refuses, cannot be reached, or gives files with wrong sums
     */
    public HubModel fetch(HubName name) {
        if (settings.offline()) {
            throw offline(name);
        }
        try (var _ = HubLock.acquire(cache.lock(name), name);
                var client = new HubClient(settings, pace)) {
            return fetchListed(client, name);
        } catch (IOException failure) {
            throw new HubProblem(
                    "%s: the cache %s cannot be written: %s".formatted(name, cache.root(), Failures.text(failure)),
                    failure);
        }
    }

    /** A file that changes while it comes makes the list old, so it is asked for again. */
    private HubModel fetchListed(HubClient client, HubName name) throws IOException {
        for (int listings = 1; ; listings++) {
            try {
                return fetch(client, name);
            } catch (HubProblem.FileChanged changed) {
                if (listings == LISTINGS) {
                    throw changed;
                }
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
                Progress.stopIfInterrupted(name.toString());
            }
        }
    }

    private HubModel fetch(HubClient client, HubName name) throws IOException, InterruptedException {
        var listing = HubListing.ask(client, name, pace);
        var needed = new NeededFiles(name, listing);
        HubFile weights = needed.weights();
        cache.prepare(name);
        cache.sweep(
                name, listing.files().values().stream().map(HubFile::checksum).collect(Collectors.toSet()));
        var snapshot = new Snapshot(cache, name, listing.commit());
        List<HubFile> first = new ArrayList<>(needed.descriptions(weights));
        boolean sharded = weights.path().endsWith(NeededFiles.INDEX);
        if (sharded) {
            first.add(weights);
        }
        bring(client, snapshot, first);
        bring(
                client,
                snapshot,
                sharded
                        ? needed.shards(
                                weights, Snapshot.shards(snapshot.folder().resolve(weights.path())))
                        : List.of(weights));
        noteAbsences(name, listing, weights);
        cache.refer(name, listing.commit());
        return new HubModel(name, listing.commit(), snapshot.folder().resolve(weights.path()));
    }

    /** So that the next call knows without asking that there is no more than what is here. */
    private void noteAbsences(HubName name, HubListing listing, HubFile weights) throws IOException {
        boolean gguf = weights.path().endsWith(".gguf");
        String absent = gguf ? NeededFiles.SINGLE : weights.folder() + NeededFiles.TOKENIZER;
        boolean matters = !gguf || name.file().isEmpty();
        if (matters && listing.file(absent).isEmpty()) {
            cache.noteAbsence(name, listing.commit(), absent);
        }
    }

    private void bring(HubClient client, Snapshot snapshot, List<HubFile> files) throws IOException {
        HubName name = snapshot.name();
        Map<Checksum, Download.Job> jobs = new LinkedHashMap<>(); // files of the same content come once
        List<HubFile> absent = new ArrayList<>();
        for (HubFile file : files) {
            if (!cache.has(name, snapshot.commit(), file)) {
                absent.add(file);
                if (!cache.hasBlob(name, file)) {
                    jobs.putIfAbsent(file.checksum(), job(client, snapshot, file));
                }
            }
        }
        new Download(client, name, pace, disk).run(List.copyOf(jobs.values()));
        for (HubFile file : absent) {
            cache.point(name, snapshot.commit(), file);
        }
    }

    private Download.Job job(HubClient client, Snapshot snapshot, HubFile file) {
        HubName name = snapshot.name();
        List<String> path = new ArrayList<>(List.of("resolve", snapshot.commit()));
        path.addAll(List.of(file.path().split("/")));
        return new Download.Job(
                file,
                client.address("/" + name.repository(), path.toArray(String[]::new)),
                cache.blob(name, file.checksum()));
    }

    private HubProblem offline(HubName name) {
        List<String> here =
                cached().stream().map(model -> model.name().toString()).toList();
        return new HubProblem(
                "%s is not (wholly) in %s, and HF_HUB_OFFLINE forbids to ask for it; in the cache, %s; unset HF_HUB_OFFLINE and call again, or copy the repository's folder into the cache"
                        .formatted(name, cache.root(), Nearest.clause(name.toString(), here)));
    }

    /** The models in the cache that can be loaded without a network. */
    public List<HubModel> cached() {
        return cache.names().stream().flatMap(name -> usable(name).stream()).toList();
    }

    /** The whole model, and every single GGUF file, which only its own name means. */
    private List<HubModel> usable(HubName name) {
        var snapshot = new Snapshot(cache, name, cache.commit(name).orElseThrow());
        List<HubModel> models = new ArrayList<>();
        snapshot.usable().ifPresent(models::add);
        for (String file : snapshot.files(".gguf")) {
            var weights = snapshot.folder().resolve(file);
            if (models.stream().noneMatch(model -> model.weights().equals(weights))) {
                models.add(new HubModel(name.file(file), snapshot.commit(), weights));
            }
        }
        return models;
    }
}
