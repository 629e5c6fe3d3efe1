package microtome.model.store.hub;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** What all connections of a download receive, and a watch over those that fall silent. */
final class Traffic {
    private final AtomicLong received = new AtomicLong();
    private final Set<Watched> open = ConcurrentHashMap.newKeySet();

    /** Counts bytes that came, or takes back bytes that must come again. */
    void count(long bytes) {
        received.addAndGet(bytes);
    }

    /** What was counted since the last call. */
    long take() {
        return received.getAndSet(0);
    }

    InputStream watch(InputStream stream) {
        var watched = new Watched(stream);
        open.add(watched);
        return watched;
    }

    /** Ends connections that gave nothing for so long; their readers see the end of the stream. */
    void endSilent(Duration patience) throws IOException {
        for (Watched stream : open) {
            if (System.nanoTime() - stream.lastHeard > patience.toNanos()) {
                stream.close();
            }
        }
    }

    private final class Watched extends FilterInputStream {
        private volatile long lastHeard = System.nanoTime();

        private Watched(InputStream stream) {
            super(stream);
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int count = super.read(bytes, offset, length);
            lastHeard = System.nanoTime();
            return count;
        }

        @Override
        public int read() throws IOException {
            int letter = super.read();
            lastHeard = System.nanoTime();
            return letter;
        }

        @Override
        public void close() throws IOException {
            open.remove(this);
            super.close();
        }
    }
}
