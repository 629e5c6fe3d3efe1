package microtome.model.store.hub;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import microtome.display.Displays;
import microtome.display.MimeTypes;
import microtome.display.Progress;

/**
 * One download of a repository at a time, over all threads and processes of this library; whoever waited finds the files.
 * Python's library locks in a way that Java cannot see, and does not need to: both put only complete files in place, by
 * one rename, under the name of their sum.
 */
final class HubLock implements AutoCloseable {
    private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();
    private static final Duration BETWEEN_TRIES = Duration.ofMillis(50);
    private static final int TRIES_IN_SILENCE = 20;

    private final Path path;
    private final FileChannel channel;

    private HubLock(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /** Waits for the lock. */
    static HubLock acquire(Path path, HubName name) {
        for (int tries = 0; ; tries++) {
            HubLock lock = attempt(path);
            if (lock != null) {
                return lock;
            }
            if (tries == TRIES_IN_SILENCE) {
                Displays.show(() -> Map.of(MimeTypes.TEXT, name + ": waiting for another download of it"));
            }
            Progress.stopIfInterrupted(name + ": waiting for another download of it");
            pause();
        }
    }

    private static HubLock attempt(Path path) {
        if (!HELD_HERE.add(path)) {
            return null;
        }
        FileChannel channel = null;
        try {
            Files.createDirectories(path.getParent());
            channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return new HubLock(path, channel);
            }
            release(path, channel);
            return null;
        } catch (IOException failure) {
            release(path, channel);
            throw new HubProblem(
                    "%s cannot be locked: %s; set HF_HUB_CACHE to a folder that can be written"
                            .formatted(path, Failures.text(failure)),
                    failure);
        }
    }

    private static void release(Path path, FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException ignored) {
            // The system frees the lock with the process at the latest.
        } finally {
            HELD_HERE.remove(path);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(BETWEEN_TRIES);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        release(path, channel);
    }
}
