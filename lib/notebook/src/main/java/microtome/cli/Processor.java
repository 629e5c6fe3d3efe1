package microtome.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What the processor is called and which of the instruction sets it has that our kernels can use. */
record Processor(String name, List<String> features) {
    private static final List<String> USED = List.of(
            "avx2",
            "fma",
            "f16c",
            "avx_vnni",
            "avx512f",
            "avx512bw",
            "avx512_vnni",
            "avx512_bf16",
            "amx_bf16",
            "amx_int8");

    static Processor ofThisMachine() {
        try {
            return parse(Files.readString(Path.of("/proc/cpuinfo")));
        } catch (IOException notLinux) {
            return new Processor(System.getProperty("os.arch"), List.of());
        }
    }

    /** Reads the text of {@code /proc/cpuinfo}. */
    static Processor parse(String text) {
        String name = line(text, "model name").orElse(System.getProperty("os.arch"));
        Set<String> flags =
                Arrays.stream(line(text, "flags").orElse("").split(" ")).collect(Collectors.toSet());
        return new Processor(name, USED.stream().filter(flags::contains).toList());
    }

    private static Optional<String> line(String text, String key) {
        return text.lines()
                .filter(line -> line.startsWith(key))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst();
    }

    @Override
    public String toString() {
        return features.isEmpty() ? name : name + ": " + String.join(" ", features);
    }
}
