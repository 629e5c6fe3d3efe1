package microtome.tensor.nd4j;

import java.io.IOException;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import microtome.tensor.BackendException;
import microtome.tensor.Device;
import org.nd4j.common.config.ND4JClassLoading;
import org.nd4j.linalg.factory.Nd4j;

/** ND4J in this process: loaded once, or the reason why it could not be. */
final class Nd4jLibrary {
    private final String state;
    private final Device device;

    private Nd4jLibrary(String state, Device device) {
        this.state = state;
        this.device = device;
    }

    private static final class Once {
        private static final Nd4jLibrary INSTANCE = load();
    }

    static Nd4jLibrary instance() {
        return Once.INSTANCE;
    }

    boolean isLoaded() {
        return device != null;
    }

    /** What was loaded, or what is missing and how to add it. */
    String state() {
        return state;
    }

    Device device() {
        if (device == null) {
            throw new BackendException("ND4J is missing: " + state);
        }
        return device;
    }

    private static Nd4jLibrary load() {
        try {
            SpinCount.shorten();
            // By itself it asks the thread's loader, which in a notebook is not the one that has the jars.
            ND4JClassLoading.setNd4jClassloaderFromClass(Nd4jLibrary.class);
            var facts = facts();
            var description =
                    "ND4J %s, %s, %s threads".formatted(facts.get("nd4j"), facts.get("blas"), facts.get("threads"));
            return new Nd4jLibrary(description, new Device(Nd4jBackend.NAME, description, facts));
        } catch (Exception | LinkageError absent) {
            return new Nd4jLibrary(reason(absent), null);
        }
    }

    private static Map<String, String> facts() {
        var environment = Nd4j.getExecutioner().getEnvironmentInformation();
        var facts = new TreeMap<String, String>();
        facts.put("nd4j", version());
        facts.put("blas", String.valueOf(environment.get("blas.vendor")));
        facts.put("threads", String.valueOf(environment.get("omp.threads")));
        facts.put("java", System.getProperty("java.vm.name") + " " + System.getProperty("java.version"));
        return facts;
    }

    /** What Maven wrote into the jar; its manifest does not say. */
    private static String version() {
        try (var written = Nd4j.class.getResourceAsStream("/META-INF/maven/org.nd4j/nd4j-api/pom.properties")) {
            var properties = new Properties();
            if (written != null) {
                properties.load(written);
            }
            return properties.getProperty("version", "of unknown version");
        } catch (IOException unreadable) {
            return "of unknown version";
        }
    }

    /** The innermost cause says it best: the outer ones are about class initialisers. */
    private static String reason(Throwable absent) {
        var cause = absent;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return "ND4J does not load (%s); it needs org.nd4j:nd4j-native with the classifier of this platform, %s-%s"
                .formatted(cause, System.getProperty("os.name"), System.getProperty("os.arch"));
    }
}
