package microtome.cli.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** Starts the programs of a benchmark. Their errors go where ours go; their progress bars go nowhere. */
final class PeerProcess {
    private PeerProcess() {}

    static Process start(List<String> command) {
        var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("HF_HUB_DISABLE_PROGRESS_BARS", "1");
        builder.environment().put("TQDM_DISABLE", "1");
        try {
            return builder.start();
        } catch (IOException failure) {
            throw new UncheckedIOException("%s cannot be started".formatted(command.getFirst()), failure);
        }
    }
}
