package microtome.model.store.hub;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import microtome.display.Bytes;

/**
 * One file on its way. The first part that is missing goes ahead; when its answer shows that the server gives ranges, the
 * others follow side by side, else everything is taken from this one answer.
 */
final class FileDownload implements AutoCloseable {
    private static final int CHUNK = 1 << 18;
    private static final int RANGE = 206;

    private final Download.Job job;
    private final Download.Work work;
    private final PartialBlob partial;
    private final AtomicInteger partsLeft = new AtomicInteger();
    private final AtomicBoolean othersFollow = new AtomicBoolean();
    private volatile boolean changed;

    FileDownload(Download.Job job, Download.Work work) throws IOException {
        this.job = job;
        this.work = work;
        this.partial =
                PartialBlob.open(job.blob(), job.file().bytes(), work.pace().partBytes(), work.disk());
    }

    long missingBytes() {
        return partial.missingBytes();
    }

    /** Runs on a thread of the crew. */
    void begin() throws InterruptedException {
        List<PartialBlob.Part> missing = partial.missing();
        partsLeft.set(missing.size());
        if (missing.isEmpty()) {
            finish();
            return;
        }
        var retry = Retry.ofDownload(work.pace());
        boolean byRanges = orBrokenOff(() -> retry.until(() -> first(missing, retry)));
        if (byRanges) {
            partDone();
        } else {
            finish();
        }
    }

    /** Whether the answer was the range that was asked for, so that the other parts come by ranges too. */
    private boolean first(List<PartialBlob.Part> missing, Retry retry) throws IOException, InterruptedException {
        PartialBlob.Part part = missing.getFirst();
        var answer = ask(part);
        try (InputStream body = work.traffic().watch(answer.response().body())) {
            if (answer.status() != RANGE && !isWhole(part)) {
                readEverything(body);
                return false;
            }
            if (othersFollow.compareAndSet(false, true)) {
                missing.stream().skip(1).forEach(other -> work.crew().add(() -> follow(other)));
            }
            read(body, part, retry);
            requireEnd(body);
            return true;
        }
    }

    private void follow(PartialBlob.Part part) throws InterruptedException {
        var retry = Retry.ofDownload(work.pace());
        orBrokenOff(() -> retry.until(() -> {
            var answer = ask(part);
            try (InputStream body = work.traffic().watch(answer.response().body())) {
                if (answer.status() != RANGE) {
                    throw new IOException("the server gave ranges at first, and now the whole file");
                }
                read(body, part, retry);
                requireEnd(body);
                return true;
            }
        }));
        partDone();
    }

    private boolean isWhole(PartialBlob.Part part) {
        return part.next() == 0 && part.to() == job.file().bytes();
    }

    private HubClient.Answer<InputStream> ask(PartialBlob.Part part) throws IOException, InterruptedException {
        Optional<String> range =
                isWhole(part) ? Optional.empty() : Optional.of("bytes=%d-%d".formatted(part.next(), part.to() - 1));
        try {
            var answer = work.client().open(job.address(), range, work.name());
            try {
                requireSame(answer);
                requireRange(answer, part);
                return answer;
            } catch (IOException | RuntimeException wrong) {
                answer.response().body().close();
                throw wrong;
            }
        } catch (HubProblem.FileChanged news) {
            changed = true;
            throw news;
        }
    }

    private void requireSame(HubClient.Answer<InputStream> answer) {
        answer.checksum().filter(sum -> !sum.equals(job.file().checksum())).ifPresent(sum -> {
            throw new HubProblem.FileChanged("%s: %s has another sum than the hub's list says: %s instead of %s"
                    .formatted(work.name(), job.file(), sum, job.file().checksum()));
        });
    }

    private void requireRange(HubClient.Answer<InputStream> answer, PartialBlob.Part part) throws IOException {
        if (answer.status() != RANGE) {
            return;
        }
        String given = answer.response().headers().firstValue("Content-Range").orElse("nothing");
        if (!given.startsWith("bytes %d-".formatted(part.next()))) {
            throw new IOException("asked for bytes from %d, given %s".formatted(part.next(), given));
        }
        if (!given.endsWith("/" + job.file().bytes()) && !given.endsWith("/*")) {
            throw new HubProblem.FileChanged(
                    "%s: %s has another size than the hub's list says: %s".formatted(work.name(), job.file(), given));
        }
    }

    private void readEverything(InputStream body) throws IOException {
        work.traffic().count(partial.missingBytes() - job.file().bytes());
        storing(partial::forget);
        for (PartialBlob.Part part : partial.missing()) {
            read(body, part, null);
        }
        requireEnd(body);
    }

    /** What comes is written at once, so that a cut loses nothing. */
    private void read(InputStream body, PartialBlob.Part part, Retry retry) throws IOException {
        var buffer = new byte[(int) Math.min(CHUNK, part.missing())];
        while (part.missing() > 0) {
            int count = body.read(buffer, 0, (int) Math.min(buffer.length, part.missing()));
            if (count < 0) {
                throw new EOFException("the connection ended %d bytes early".formatted(part.missing()));
            }
            storing(() -> partial.write(part, ByteBuffer.wrap(buffer, 0, count)));
            work.traffic().count(count);
            if (retry != null) {
                retry.succeeded();
            }
        }
    }

    private void requireEnd(InputStream body) throws IOException {
        if (body.read() >= 0) {
            changed = true;
            throw new HubProblem.FileChanged(
                    "%s: %s is longer than the hub's list says".formatted(work.name(), job.file()));
        }
    }

    private void partDone() {
        if (partsLeft.decrementAndGet() == 0) {
            finish();
        }
    }

    private void finish() {
        try {
            storing(() -> partial.finish(job.file()));
        } catch (IOException stopped) {
            throw new HubProblem("%s: stopped".formatted(work.name()), stopped);
        }
    }

    private interface Storing {
        void run() throws IOException;
    }

    /** Keeps what the disk refuses apart from what the network refuses: only the latter is tried again. */
    private void storing(Storing step) throws IOException {
        try {
            step.run();
        } catch (HubProblem | ClosedChannelException said) {
            throw said; // the channel closes when the download is stopped
        } catch (IOException full) {
            throw new HubProblem(
                    "%s: %s cannot be written to %s: %s; %d bytes of it are missing; make room there or set HF_HUB_CACHE to another folder; what is there is kept and the same call goes on from it"
                            .formatted(
                                    work.name(),
                                    job.file(),
                                    job.blob().getParent(),
                                    Failures.text(full),
                                    partial.missingBytes()),
                    full);
        }
    }

    private interface Transfer<T> {
        T run() throws IOException, InterruptedException;
    }

    private <T> T orBrokenOff(Transfer<T> transfer) throws InterruptedException {
        try {
            return transfer.run();
        } catch (HubProblem said) {
            throw said;
        } catch (IOException cut) {
            throw new HubProblem.Unreachable(
                    "%s: %s broke off: %s; %s of it are missing; what is there is kept and the same call goes on from it"
                            .formatted(work.name(), job.file(), Failures.text(cut), Bytes.text(partial.missingBytes())),
                    cut);
        }
    }

    /** Ends the work on this file; what cannot be gone on from is deleted. */
    @Override
    public void close() throws IOException {
        if (changed) {
            partial.delete();
        } else {
            partial.close();
        }
    }
}
