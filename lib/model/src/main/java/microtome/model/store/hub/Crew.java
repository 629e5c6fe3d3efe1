package microtome.model.store.hub;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** Threads that work until all tasks are done or one has failed; a task may add others. */
final class Crew implements AutoCloseable {
    private static final long SECONDS_TO_STOP = 10;

    private final ExecutorService threads;
    private final AtomicInteger unfinished = new AtomicInteger();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final Semaphore news = new Semaphore(0);

    Crew(int size) {
        threads = Executors.newFixedThreadPool(
                size,
                Thread.ofPlatform().name("microtome-download-", 0).daemon().factory());
    }

    interface Task {
        void run() throws Exception;
    }

    void add(Task task) {
        unfinished.incrementAndGet();
        threads.execute(() -> {
            try {
                task.run();
            } catch (Throwable thrown) {
                failure.compareAndSet(null, thrown);
            } finally {
                unfinished.decrementAndGet();
                news.release();
            }
        });
    }

    boolean isBusy() {
        return unfinished.get() > 0 && failure.get() == null;
    }

    /** Waits until a task has ended, or for this long. */
    void await(Duration longest) throws InterruptedException {
        if (news.tryAcquire(longest.toMillis(), TimeUnit.MILLISECONDS)) {
            news.drainPermits();
        }
    }

    /** Throws what ended the work, if something did. */
    void throwFailure() {
        switch (failure.get()) {
            case null -> {}
            case RuntimeException problem -> throw problem;
            case Error error -> throw error;
            case Throwable other -> throw new HubProblem("the download stopped: " + Failures.text(other));
        }
    }

    /** Interrupts whoever still works, and waits for them. */
    @Override
    public void close() {
        threads.shutdownNow();
        try {
            threads.awaitTermination(SECONDS_TO_STOP, TimeUnit.SECONDS);
        } catch (InterruptedException again) {
            Thread.currentThread().interrupt();
        }
    }
}
