package microtome.model.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import microtome.model.format.BadWeightFile;
import microtome.model.format.Nearest;
import microtome.model.format.WeightFormats;
import microtome.model.store.hub.Hub;
import microtome.model.store.hub.HubModel;
import microtome.model.store.hub.HubName;
import microtome.model.store.hub.HubSettings;

/**
 * The models on this machine: one folder per model, in folders that are searched in this order: {@code
 * -Dmicrotome.models}, {@code MICROTOME_MODELS}, {@code .microtome/models} in the working directory and above it, {@code
 * models} in the cache folder; and those of the Hugging Face hub, in the cache that Python's library shares.
 */
public final class ModelStore {
    private static final String PROPERTY = "microtome.models";
    private static final String VARIABLE = "MICROTOME_MODELS";
    private static final Path BESIDE_PROJECT = Path.of(".microtome", "models");

    private final List<Path> folders;
    private final List<BundledModel> bundled;
    private final Supplier<Hub> hub; // made when needed: a wrong HF_ENDPOINT is nothing to a model in a folder

    ModelStore(List<Path> folders, List<BundledModel> bundled, Supplier<Hub> hub) {
        this.folders = List.copyOf(folders);
        this.bundled = List.copyOf(bundled);
        this.hub = hub;
    }

    /** The store that the surroundings of this process describe. */
    public static ModelStore standard() {
        Set<Path> folders = new LinkedHashSet<>();
        Stream.of(System.getProperty(PROPERTY), System.getenv(VARIABLE))
                .filter(named -> named != null && !named.isBlank())
                .map(named -> Path.of(named).toAbsolutePath().normalize())
                .forEach(folders::add);
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            Path beside = at.resolve(BESIDE_PROJECT);
            if (Files.isDirectory(beside)) {
                folders.add(beside);
            }
        }
        folders.add(CacheFolder.root().resolve("models"));
        return of(List.copyOf(folders));
    }

    /** A store of these folders, the first that has a model wins; with the hub that the environment describes. */
    public static ModelStore of(List<Path> folders) {
        return new ModelStore(folders, BundledModel.all(), () -> new Hub(HubSettings.standard()));
    }

    /** The hub and its cache. */
    public Hub hub() {
        return hub.get();
    }

    /** The folders that are searched, in order; some may not exist. */
    public List<Path> folders() {
        return folders;
    }

    /** Names of the models that are there. */
    public List<String> names() {
        return folders.stream()
                .filter(Files::isDirectory)
                .flatMap(ModelStore::modelsIn)
                .distinct()
                .sorted()
                .toList();
    }

    /** Names of the models that {@code environment/run} can put there. */
    public List<String> bundled() {
        return bundled.stream().map(BundledModel::name).toList();
    }

    private static Stream<String> modelsIn(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries
                    .filter(Files::isDirectory)
                    .map(model -> model.getFileName().toString())
                    .toList()
                    .stream();
        } catch (IOException failure) {
            throw new UncheckedIOException(folder + ": cannot be listed", failure);
        }
    }

    /**
     * The files of a model, given by name, by the path of its weight file, by the path of its folder, or as {@code
     * hf:org/name[/file][@revision]} of the hub, from where it is downloaded when it is not in the cache.
     *
     * @throws IllegalArgumentException when there is no such model; the message lists the nearest names
     * @throws microtome.model.store.hub.HubProblem when the hub does not give it
     * @throws BadWeightFile when a bundled model is not the file that it should be
     */
    public ModelFiles resolve(String nameOrPath) {
        if (nameOrPath.isBlank()) { // an empty path would be the folder that the process happens to stand in
            throw new IllegalArgumentException(
                    "the name of the model is empty; give a name (here are %s), a file or folder, or hf:org/name"
                            .formatted(String.join(", ", names())));
        }
        if (HubName.isOne(nameOrPath)) {
            return of(hub().resolve(HubName.parse(nameOrPath)));
        }
        Optional<Path> named = isName(nameOrPath) ? folderOf(nameOrPath) : Optional.empty();
        if (named.isPresent()) {
            return named(nameOrPath, named.get());
        }
        Path path = atHome(nameOrPath);
        if (Files.exists(path)) {
            return at(path);
        }
        throw isName(nameOrPath) ? unknownName(nameOrPath) : noSuchPath(path);
    }

    /** A path, with {@code ~} for the home folder as shells have it. */
    private static Path atHome(String path) {
        boolean home = path.equals("~") || path.startsWith("~/");
        return Path.of(home ? System.getProperty("user.home") + path.substring(1) : path);
    }

    private static boolean isName(String text) {
        return text.matches("[A-Za-z0-9][A-Za-z0-9._-]*") && !text.endsWith(".gguf") && !text.endsWith(".safetensors");
    }

    /** The folder of a model that is there, by its name. */
    public Optional<Path> folderOf(String name) {
        return folders.stream()
                .map(folder -> folder.resolve(name))
                .filter(Files::isDirectory)
                .findFirst();
    }

    private ModelFiles named(String name, Path folder) {
        Optional<BundledModel> known = BundledModel.named(name, bundled);
        if (known.isEmpty()) {
            return files(name, WeightFormats.weightsOf(folder), Optional.empty());
        }
        BundledModel model = known.get();
        Path weights = folder.resolve(model.file());
        if (!Files.isRegularFile(weights)) {
            throw new BadWeightFile(
                    weights, "file", "nothing of this name", model.file(), "get it again with environment/run");
        }
        model.check(weights);
        return files(name, weights, Optional.of(model.sha256()));
    }

    private static ModelFiles at(Path path) {
        Path weights = WeightFormats.weightsOf(path.toAbsolutePath().normalize());
        Path named = Files.isDirectory(path) ? weights.getParent() : weights;
        return files(named.getFileName().toString(), weights, Optional.empty());
    }

    private static ModelFiles files(String name, Path weights, Optional<String> sha256) {
        Optional<Path> config = existing(weights.resolveSibling("config.json"));
        Optional<Path> tokenizer = existing(weights.resolveSibling("tokenizer.json"))
                .or(() -> existing(weights.resolveSibling("vocab.txt")));
        boolean carriesOne = weights.getFileName().toString().endsWith(".gguf");
        return new ModelFiles(name, weights, config, carriesOne ? Optional.of(weights) : tokenizer, sha256);
    }

    private static ModelFiles of(HubModel model) {
        ModelFiles files = files(model.name().toString(), model.weights(), model.sha256());
        return new ModelFiles(
                files.name(),
                files.weights(),
                files.config(),
                files.tokenizer(),
                files.sha256(),
                Optional.of(model.commit()));
    }

    private static Optional<Path> existing(Path file) {
        return Files.isRegularFile(file) ? Optional.of(file) : Optional.empty();
    }

    private IllegalArgumentException unknownName(String name) {
        List<String> known = new ArrayList<>(names());
        bundled().stream().filter(model -> !known.contains(model)).forEach(known::add);
        String searched = folders.stream()
                .map(folder -> Files.isDirectory(folder) ? folder.toString() : folder + " (not there)")
                .collect(Collectors.joining(", "));
        return new IllegalArgumentException(
                "there is no model '%s'; %s; searched %s; environment/run gets the bundled %s, and a path to a file or folder works too"
                        .formatted(name, Nearest.clause(name, known), searched, String.join(", ", bundled())));
    }

    private static IllegalArgumentException noSuchPath(Path path) {
        String given = path.toString().replace('\\', '/');
        boolean likeOfHub = given.matches("[\\w.-]+/[\\w.-]+");
        return new IllegalArgumentException("there is no file or folder %s (in %s)%s"
                .formatted(
                        path,
                        Path.of("").toAbsolutePath(),
                        likeOfHub ? "; for the model of this name on the Hugging Face hub write hf:" + given : ""));
    }
}
