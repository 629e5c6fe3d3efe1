package microtome.model.store.hub;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import microtome.display.Bytes;
import microtome.display.InterruptedWorkException;
import microtome.display.Progress;

/** Brings several files at once, each in several parts, under one line of progress; can be stopped and goes on later. */
final class Download {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

    private final HubClient client;
    private final HubName name;
    private final Pace pace;
    private final Disk disk;

    Download(HubClient client, HubName name, Pace pace, Disk disk) {
        this.client = client;
        this.name = name;
        this.pace = pace;
        this.disk = disk;
    }

    /** A file, where it comes from, and where it goes. */
    record Job(HubFile file, URI address, Path blob) {}

    /** What all files of a download share. */
    record Work(HubClient client, HubName name, Pace pace, Disk disk, Traffic traffic, Crew crew) {}

    /**
     * Returns when all files are in their places.
     *
     * @throws HubProblem when one cannot be; what is there of all files is kept
     * @throws InterruptedWorkException when the thread is interrupted; the same holds
     */
    void run(List<Job> jobs) {
        if (jobs.isEmpty()) {
            return;
        }
        List<FileDownload> files = new ArrayList<>();
        try {
            try (var crew = new Crew(pace.connections())) {
                var work = new Work(client, name, pace, disk, new Traffic(), crew);
                for (Job job : jobs) {
                    files.add(new FileDownload(job, work));
                }
                long missing =
                        files.stream().mapToLong(FileDownload::missingBytes).sum();
                requireRoom(missing, jobs.getFirst().blob().getParent());
                files.forEach(file -> crew.add(file::begin));
                watch(work, missing);
            } finally {
                for (FileDownload file : files) {
                    file.close();
                }
            }
        } catch (IOException failure) {
            throw new HubProblem(
                    "%s: the cache cannot be written: %s".formatted(name, Failures.text(failure)), failure);
        }
    }

    private void requireRoom(long missing, Path folder) throws IOException {
        long usable = disk.usableBytes(folder);
        if (usable < missing) {
            throw new HubProblem(
                    "%s: %s are to be downloaded and %s are free in %s; make room for %s there, or set HF_HUB_CACHE to a folder on another disk"
                            .formatted(
                                    name,
                                    Bytes.text(missing),
                                    Bytes.text(usable),
                                    folder,
                                    Bytes.text(missing - usable)));
        }
    }

    private void watch(Work work, long missing) throws IOException {
        try (var progress = Progress.ofBytes(name.toString(), missing)) {
            while (work.crew().isBusy()) {
                pause(work.crew());
                work.traffic().endSilent(pace.patience());
                progress.step(work.traffic().take());
            }
            work.crew().throwFailure();
            progress.step(work.traffic().take());
        } catch (InterruptedWorkException stopped) {
            throw new InterruptedWorkException(
                    stopped.getMessage() + "; what is there is kept and the same call goes on from it");
        }
    }

    private static void pause(Crew crew) {
        try {
            crew.await(BETWEEN_LOOKS);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt(); // progress says how far the work came
        }
    }
}
