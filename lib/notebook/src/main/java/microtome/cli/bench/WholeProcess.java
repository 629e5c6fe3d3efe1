package microtome.cli.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import microtome.display.Json;

/**
 * One run of a program from its start to its end.
 *
 * @param seconds from starting the process to its first JSON line
 * @param lines the JSON objects that it printed, one a line; other lines, such as warnings of a virtual machine, are left out
 */
record WholeProcess(double seconds, List<Map<?, ?>> lines) {

    static WholeProcess run(List<String> command) {
        long began = System.nanoTime();
        Process process = PeerProcess.start(command);
        try (var reader = process.inputReader()) {
            WholeProcess read = read(reader, began);
            int status = process.waitFor();
            if (read.lines.isEmpty() || status != 0) {
                throw new IllegalStateException(
                        "%s ended with status %d and %d lines of results; its error stream says why"
                                .formatted(command.getFirst(), status, read.lines.size()));
            }
            return read;
        } catch (IOException failure) {
            throw new UncheckedIOException(command.getFirst() + " cannot be read from", failure);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("stopped while waiting for " + command.getFirst(), stopped);
        } finally {
            process.destroy();
        }
    }

    private static WholeProcess read(BufferedReader reader, long began) throws IOException {
        double seconds = Double.NaN;
        var lines = new ArrayList<Map<?, ?>>();
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            if (line.startsWith("{")) {
                seconds = lines.isEmpty() ? (System.nanoTime() - began) / 1e9 : seconds;
                lines.add((Map<?, ?>) Json.read(line));
            }
        }
        return new WholeProcess(seconds, lines);
    }
}
