package microtome.tensor;

import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.stream.Collectors;

/** The backends that were found, best first, and the choice among them. */
record Providers(List<BackendProvider> bestFirst) {
    private static final System.Logger LOGGER = System.getLogger("microtome.tensor");
    private static final Set<String> SLOW = Set.of("nd4j", "reference");
    private static final Map<String, String> MODULES =
            Map.of("cpu", "microtome-tensor-native", "nd4j", "microtome-tensor-nd4j");

    Providers(List<BackendProvider> bestFirst) {
        this.bestFirst = bestFirst.stream()
                .sorted(Comparator.comparingInt(BackendProvider::priority).reversed())
                .toList();
    }

    static Providers installed() {
        var found = new ArrayList<BackendProvider>();
        ServiceLoader.load(BackendProvider.class, Engine.class.getClassLoader()).forEach(found::add);
        return new Providers(found);
    }

    List<Availability> availability() {
        return bestFirst.stream().map(BackendProvider::availability).toList();
    }

    Engine openBest() {
        var notes = new ArrayList<String>();
        for (var provider : bestFirst) {
            var availability = provider.availability();
            if (!availability.available()) {
                notes.add("backend %s is missing: %s".formatted(provider.name(), availability.reason()));
                continue;
            }
            try {
                var backend = provider.open();
                notes.addAll(absent());
                notes.forEach(note -> LOGGER.log(Level.WARNING, note + "; using " + provider.name()));
                return new Engine(backend, notes);
            } catch (BackendException failed) {
                notes.add("backend %s did not open: %s".formatted(provider.name(), failed.getMessage()));
            }
        }
        throw new IllegalStateException("no backend opened: " + notes);
    }

    /** What to say when the class path has nothing but backends for where the native one cannot be had. */
    private List<String> absent() {
        boolean slow = bestFirst.stream().allMatch(provider -> SLOW.contains(provider.name()));
        return slow
                ? List.of("backend cpu is missing: microtome-tensor-native is not on the class path; add it for speed")
                : List.of();
    }

    Engine open(String name) {
        var wanted = bestFirst.stream()
                .filter(provider -> provider.name().equals(name))
                .findFirst();
        if (wanted.isEmpty()) {
            var why = MODULES.containsKey(name) ? "not on the class path: add " + MODULES.get(name) : "unknown";
            throw new IllegalArgumentException("backend '%s' is %s; %s".formatted(name, why, choices()));
        }
        var availability = wanted.get().availability();
        if (!availability.available()) {
            throw new IllegalArgumentException(
                    "backend '%s' is missing: %s; %s".formatted(name, availability.reason(), choices()));
        }
        return new Engine(wanted.get().open(), List.of());
    }

    private String choices() {
        return availability().stream()
                .map(found -> found.available()
                        ? found.backend() + " (available)"
                        : "%s (missing: %s)".formatted(found.backend(), found.reason()))
                .collect(Collectors.joining(", ", "found: ", ""));
    }
}
