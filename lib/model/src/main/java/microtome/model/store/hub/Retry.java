package microtome.model.store.hub;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Map;
import microtome.display.Displays;
import microtome.display.MimeTypes;

/** Tries again after cuts and busy answers, with growing pauses, until too many failures come in a row. */
final class Retry {
    private static final Duration SILENT = Duration.ofSeconds(2);

    private final Pace pace;
    private final int unanswered;
    private final boolean saysSo;
    private int failures;

    private Retry(Pace pace, int unanswered, boolean saysSo) {
        this.pace = pace;
        this.unanswered = unanswered;
        this.saysSo = saysSo;
    }

    /** For questions: where nobody listens the reader should know soon, and no other line says that there is a wait. */
    static Retry ofQuestion(Pace pace) {
        return new Retry(pace, Math.min(2, pace.attempts()), true);
    }

    /** For downloads, which outlast a network that is away for some seconds. */
    static Retry ofDownload(Pace pace) {
        return new Retry(pace, pace.attempts(), false);
    }

    interface Attempt<T> {
        T make() throws IOException, InterruptedException;
    }

    /** A failure that says how long to wait. */
    static final class TryAgain extends IOException {
        private static final long serialVersionUID = 1L;

        private final transient Duration pause;

        TryAgain(String message, Duration pause) {
            super(message);
            this.pause = pause;
        }
    }

    <T> T until(Attempt<T> attempt) throws IOException, InterruptedException {
        while (true) {
            try {
                return attempt.make();
            } catch (IOException failure) {
                failures++;
                if (failures >= (isNobodyThere(failure) ? unanswered : pace.attempts())) {
                    throw failure;
                }
                Duration pause = pauseAfter(failure);
                if (saysSo && pause.compareTo(SILENT) > 0) {
                    String line = "%s; trying again in %d s".formatted(Failures.text(failure), pause.toSeconds());
                    Displays.show(() -> Map.of(MimeTypes.TEXT, line));
                }
                Thread.sleep(pause);
            }
        }
    }

    private static boolean isNobodyThere(IOException failure) {
        return failure instanceof ConnectException || failure instanceof HttpTimeoutException;
    }

    /** Something came through, so the next failure is the first again. */
    void succeeded() {
        failures = 0;
    }

    private Duration pauseAfter(IOException failure) {
        Duration ours = pace.firstWait().multipliedBy(1L << Math.min(failures - 1, 5));
        return failure instanceof TryAgain busy && busy.pause.compareTo(ours) > 0 ? busy.pause : ours;
    }
}
