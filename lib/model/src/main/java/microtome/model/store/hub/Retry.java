package microtome.model.store.hub;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;

/** Tries again after cuts and busy answers, with growing pauses, until too many failures come in a row. */
final class Retry {
    private final Pace pace;
    private final int unanswered;
    private int failures;

    private Retry(Pace pace, int unanswered) {
        this.pace = pace;
        this.unanswered = unanswered;
    }

    /** For questions: where nobody listens the reader should know soon. */
    static Retry ofQuestion(Pace pace) {
        return new Retry(pace, Math.min(2, pace.attempts()));
    }

    /** For downloads, which outlast a network that is away for some seconds. */
    static Retry ofDownload(Pace pace) {
        return new Retry(pace, pace.attempts());
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
                Thread.sleep(pauseAfter(failure));
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
