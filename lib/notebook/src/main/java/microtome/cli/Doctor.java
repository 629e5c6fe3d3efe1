package microtome.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import microtome.Microtome;
import microtome.model.format.BadWeightFile;
import microtome.model.store.ModelFiles;
import microtome.model.store.ModelStore;
import microtome.tensor.Availability;
import microtome.tensor.Engine;

/** Looks at everything the notebooks stand on. */
record Doctor(ModelStore store, KernelSpecs kernels, List<Availability> backends) {
    private static final double MEGABYTE = 1e6;
    private static final String SET_UP = "environment/run, which gets it";

    static Doctor ofThisMachine() {
        var home = Path.of(System.getProperty("user.home"));
        return new Doctor(ModelStore.standard(), KernelSpecs.of(System.getenv(), home), Engine.availability());
    }

    List<Finding> findings() {
        var findings = new ArrayList<Finding>();
        findings.add(Finding.ok("library", Microtome.version()));
        findings.add(java());
        findings.add(system());
        findings.add(Finding.ok("processor", Processor.ofThisMachine().toString()));
        backends.forEach(backend -> findings.add(backend(backend)));
        findings.addAll(models());
        findings.add(kernels.finding());
        return findings;
    }

    /** What the best backend does in two seconds of work; nothing where none is available. */
    List<Finding> selfTest() {
        return backends.stream()
                .filter(Availability::available)
                .findFirst()
                .map(best -> selfTest(best.backend()))
                .orElse(List.of());
    }

    private List<Finding> selfTest(String backend) {
        try (Engine engine = Engine.open(backend)) {
            return SelfTest.of(engine);
        } catch (RuntimeException failure) {
            return List.of(absent("self-test", "backend %s fails: %s".formatted(backend, failure.getMessage())));
        }
    }

    private static Finding java() {
        return Finding.ok(
                "java",
                "%s, %s, %s"
                        .formatted(
                                Runtime.version(), System.getProperty("java.vendor"), System.getProperty("java.home")));
    }

    private static Finding system() {
        Runtime runtime = Runtime.getRuntime();
        return Finding.ok(
                "system",
                "%s %s, %d processors, heap of at most %d MiB"
                        .formatted(
                                System.getProperty("os.name"),
                                System.getProperty("os.arch"),
                                runtime.availableProcessors(),
                                runtime.maxMemory() >> 20));
    }

    /** An available backend is opened, so that its lane and threads are those that would compute. */
    private Finding backend(Availability availability) {
        String what = "backend " + availability.backend();
        if (!availability.available()) {
            return absent(what, availability.reason());
        }
        try (Engine engine = Engine.open(availability.backend())) {
            return Finding.ok(
                    what, engine.device().description() + facts(engine.device().facts()));
        } catch (RuntimeException failure) {
            return absent(what, "does not open: " + failure.getMessage());
        }
    }

    /** The notebooks need one backend, whichever. */
    private Finding absent(String what, String reason) {
        String fix = "environment/run, which builds it; until then models run slowly on the reference backend";
        return backends.stream().anyMatch(Availability::available)
                ? Finding.missing(what, reason, fix)
                : Finding.needed(what, reason, fix);
    }

    private static String facts(Map<String, String> facts) {
        return new TreeMap<>(facts)
                .entrySet().stream()
                        .map(fact -> "; %s %s".formatted(fact.getKey(), fact.getValue()))
                        .collect(Collectors.joining());
    }

    private List<Finding> models() {
        Set<String> names = new LinkedHashSet<>(store.bundled());
        names.addAll(store.names());
        return names.stream().map(this::model).toList();
    }

    private Finding model(String name) {
        String what = "model " + name;
        boolean bundled = store.bundled().contains(name);
        if (bundled && !store.names().contains(name)) {
            return Finding.needed(what, "in none of " + store.folders(), SET_UP);
        }
        try {
            ModelFiles files = store.resolve(name);
            String checksum = files.sha256().isPresent() ? "checksum right" : "no checksum known";
            return Finding.ok(
                    what,
                    "%s, %.1f MB, %s".formatted(files.weights(), Files.size(files.weights()) / MEGABYTE, checksum));
        } catch (BadWeightFile | IOException | UncheckedIOException wrong) {
            return bundled
                    ? Finding.needed(what, wrong.getMessage(), SET_UP)
                    : Finding.missing(what, wrong.getMessage(), "remove the folder, or put the model's files into it");
        }
    }
}
