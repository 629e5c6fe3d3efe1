package microtome.cli.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import microtome.display.Json;

/**
 * One run of a program from its start to its first line, and to its end.
 *
 * @param seconds from starting the process to its first line of output
 * @param lines what it printed, each a JSON object
 */
record WholeProcess(double seconds, List<Map<?, ?>> lines) {

    static WholeProcess run(List<String> command) {
        long began = System.nanoTime();
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            try (var reader = process.inputReader()) {
                String first = reader.readLine();
                double seconds = (System.nanoTime() - began) / 1e9;
                List<String> rest = reader.readAllLines();
                int status = process.waitFor();
                if (first == null || status != 0) {
                    throw new IllegalStateException(
                            "%s ended with status %d before its result; its error stream says why"
                                    .formatted(
                                            String.join(" ", command.subList(0, Math.min(2, command.size()))), status));
                }
                var lines = new java.util.ArrayList<Map<?, ?>>();
                lines.add((Map<?, ?>) Json.read(first));
                rest.forEach(line -> lines.add((Map<?, ?>) Json.read(line)));
                return new WholeProcess(seconds, lines);
            } finally {
                process.destroy();
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(command.getFirst() + " cannot be run", failure);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("stopped while waiting for " + command.getFirst(), stopped);
        }
    }
}
