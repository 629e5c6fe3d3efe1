package microtome.cli.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Resident memory of this process as Linux counts it.
 *
 * @param now bytes resident now, mapped files included
 * @param peak the most that {@code now} ever was
 * @param anonymous the part of {@code now} that no file backs
 */
record ResidentMemory(long now, long peak, long anonymous) {
    private static final Path STATUS = Path.of("/proc/self/status");

    static boolean isKnown() {
        return Files.isReadable(STATUS);
    }

    static ResidentMemory ofThisProcess() {
        try (var lines = Files.lines(STATUS)) {
            Map<String, Long> kibibytes = lines.filter(line -> line.endsWith(" kB"))
                    .map(line -> line.split("[:\\s]+"))
                    .collect(Collectors.toMap(parts -> parts[0], parts -> Long.parseLong(parts[1])));
            return new ResidentMemory(
                    1024 * kibibytes.get("VmRSS"), 1024 * kibibytes.get("VmHWM"), 1024 * kibibytes.get("RssAnon"));
        } catch (IOException unreadable) {
            throw new IllegalStateException(
                    "resident memory is read from %s, which this system lacks".formatted(STATUS), unreadable);
        }
    }
}
