package microtome.cli;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import microtome.display.Json;

/** Finds the notebook kernel that the set-up installs, where Jupyter would look for it. */
record KernelSpecs(List<Path> folders) {
    /** The kernel of our notebooks. */
    static final String NAME = "java25";

    private static final String FIX = "environment/run, which installs it";

    /** The folders of the set-up, of the active Python environment, of the user and of the system. */
    static KernelSpecs of(Map<String, String> environment, Path home) {
        var shares = new ArrayList<Path>();
        child(environment, "MICROTOME_ROOT", ".microtome/venv/share/jupyter").ifPresent(shares::add);
        for (String folder : environment.getOrDefault("JUPYTER_PATH", "").split(File.pathSeparator)) {
            if (!folder.isEmpty()) {
                shares.add(Path.of(folder));
            }
        }
        child(environment, "JUPYTER_DATA_DIR", "").ifPresent(shares::add);
        child(environment, "VIRTUAL_ENV", "share/jupyter").ifPresent(shares::add);
        child(environment, "CONDA_PREFIX", "share/jupyter").ifPresent(shares::add);
        child(environment, "APPDATA", "jupyter").ifPresent(shares::add);
        shares.add(home.resolve(".local/share/jupyter"));
        shares.add(home.resolve("Library/Jupyter"));
        shares.add(Path.of("/usr/local/share/jupyter"));
        shares.add(Path.of("/usr/share/jupyter"));
        return new KernelSpecs(
                shares.stream().map(share -> share.resolve("kernels")).toList());
    }

    private static Optional<Path> child(Map<String, String> environment, String variable, String below) {
        return Optional.ofNullable(environment.get(variable))
                .map(folder -> Path.of(folder).resolve(below));
    }

    /** Whether our kernel is installed and the JDK it starts still exists. */
    Finding finding() {
        String what = "kernel " + NAME;
        Optional<Path> file = folders.stream()
                .map(folder -> folder.resolve(NAME).resolve("kernel.json"))
                .filter(Files::isRegularFile)
                .findFirst();
        if (file.isEmpty()) {
            return Finding.needed(
                    what, "no kernelspec of this name in " + folders.getFirst() + " or Jupyter's other folders", FIX);
        }
        try {
            return judged(what, file.get(), Json.read(Files.readString(file.get())));
        } catch (IOException | IllegalArgumentException damaged) {
            return Finding.needed(what, "%s cannot be read: %s".formatted(file.get(), damaged.getMessage()), FIX);
        }
    }

    private static Finding judged(String what, Path file, Object specification) {
        if (specification instanceof Map<?, ?> map && map.get("argv") instanceof List<?> argv && !argv.isEmpty()) {
            Path java = Path.of(argv.getFirst().toString());
            return java.isAbsolute() && !Files.isExecutable(java)
                    ? Finding.needed(what, "%s starts %s, which is gone".formatted(file, java), FIX)
                    : Finding.ok(what, "%s, starts %s".formatted(file.getParent(), java));
        }
        return Finding.needed(what, file + " has no argv", FIX);
    }
}
