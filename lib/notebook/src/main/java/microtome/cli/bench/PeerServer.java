package microtome.cli.bench;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import microtome.display.Json;

/** A program that answers one JSON line with one JSON line; ends with its input. */
final class PeerServer implements AutoCloseable {
    private static final int SECONDS_TO_LEAVE = 5;

    private final Process process;
    private final BufferedWriter requests;
    private final BufferedReader replies;

    private PeerServer(Process process) {
        this.process = process;
        this.requests = process.outputWriter();
        this.replies = process.inputReader();
    }

    /** Starts the program; what it writes to its error stream goes to ours. */
    static PeerServer start(List<String> command) {
        return new PeerServer(PeerProcess.start(command));
    }

    /** Sends a request and waits for its reply. */
    Map<?, ?> ask(Map<String, Object> request) {
        try {
            requests.write(Json.write(request));
            requests.newLine();
            requests.flush();
            String line = replies.readLine();
            if (line == null) {
                throw new IllegalStateException("the peer ended while it was asked to %s; its error stream says why"
                        .formatted(request.get("do")));
            }
            var reply = (Map<?, ?>) Json.read(line);
            if (reply.containsKey("error")) {
                throw new IllegalStateException(
                        "the peer could not %s: %s".formatted(request.get("do"), reply.get("error")));
            }
            return reply;
        } catch (IOException broken) {
            throw new UncheckedIOException("the peer ended while it was asked to " + request.get("do"), broken);
        }
    }

    /** Ends the program's input and waits until it has left. */
    @Override
    public void close() {
        try {
            requests.close();
            if (!process.waitFor(SECONDS_TO_LEAVE, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException alreadyGone) {
            process.destroyForcibly();
        } catch (InterruptedException stopped) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
