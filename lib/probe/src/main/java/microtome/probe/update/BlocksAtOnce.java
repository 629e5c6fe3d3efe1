package microtome.probe.update;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import microtome.display.InterruptedWorkException;
import microtome.display.Progress;

/** The same work for many blocks, on all processors. An interrupt stops it and leaves what is done. */
final class BlocksAtOnce {
    /**
     * What was done.
     *
     * @param results one for each block from the first on that was finished
     * @param stopped why there are not more, or empty
     */
    record Done<R>(List<R> results, String stopped) {}

    private BlocksAtOnce() {}

    static <R> Done<R> each(String work, int count, IntFunction<R> task) {
        ExecutorService threads = Executors.newFixedThreadPool(
                Math.min(count, Runtime.getRuntime().availableProcessors()),
                Thread.ofPlatform().daemon().name("microtome-updates").factory());
        try (var progress = Progress.of(work + " (blocks)", count)) {
            List<Future<R>> futures = IntStream.range(0, count)
                    .mapToObj(index -> threads.submit(() -> task.apply(index)))
                    .toList();
            var results = new ArrayList<R>();
            try {
                for (Future<R> future : futures) {
                    results.add(future.get());
                    progress.step();
                }
            } catch (InterruptedException | InterruptedWorkException _) {
                return new Done<>(results, "%s: stopped after %d of %d blocks".formatted(work, results.size(), count));
            } catch (ExecutionException failed) {
                throw cause(failed);
            }
            return new Done<>(results, "");
        } finally {
            threads.shutdownNow();
        }
    }

    private static RuntimeException cause(ExecutionException failed) {
        return switch (failed.getCause()) {
            case RuntimeException cause -> cause;
            case Error cause -> throw cause;
            default -> new IllegalStateException(failed.getCause());
        };
    }
}
