package microtome.probe.dimension;

import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import microtome.display.InterruptedWorkException;

/**
 * How far every state is from its nearest others. Squares of differences are summed in double precision, pair by pair: the
 * difference of two norms and a product would lose what two near states differ by.
 */
final class NearestDistances {
    private static final int BLOCK = 128;

    private final double[][] rows;
    private final int count;
    private final int blocks;
    private final AtomicInteger next = new AtomicInteger();
    private volatile boolean stopped;

    private NearestDistances(double[][] rows, int count) {
        this.rows = rows;
        this.count = count;
        this.blocks = Math.ceilDiv(rows.length, BLOCK);
    }

    /**
     * The distances from every row to its {@code count} nearest others, the nearest first.
     *
     * @param count less than the number of rows
     * @return {@code [rows][count]}
     * @throws InterruptedWorkException if the thread is interrupted
     */
    static double[][] of(double[][] rows, int count) {
        return new NearestDistances(rows, count).found();
    }

    private double[][] found() {
        int workers = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, Math.max(1, blocks / 2));
        try (ExecutorService threads = Executors.newFixedThreadPool(
                workers,
                Thread.ofPlatform().daemon().name("microtome-distances").factory())) {
            var parts = IntStream.range(0, workers)
                    .mapToObj(_ -> threads.submit(this::work))
                    .toList();
            double[][] nearest = null;
            for (Future<double[][]> part : parts) {
                double[][] more = taken(part);
                nearest = nearest == null ? more : joined(nearest, more);
            }
            for (double[] distances : nearest) {
                Arrays.setAll(distances, i -> Math.sqrt(distances[i]));
            }
            return nearest;
        }
    }

    private double[][] taken(Future<double[][]> part) {
        try {
            return part.get();
        } catch (InterruptedException interrupt) {
            stopped = true; // before the threads are closed, which waits for them
            throw new InterruptedWorkException("distances between %d states: stopped".formatted(rows.length));
        } catch (ExecutionException failed) {
            throw new IllegalStateException(failed.getCause());
        }
    }

    /** The squares that this thread found, in pairs of blocks that no other takes. */
    private double[][] work() {
        var nearest = new double[rows.length][count];
        for (double[] row : nearest) {
            Arrays.fill(row, Double.POSITIVE_INFINITY);
        }
        for (int taken = next.getAndIncrement(); taken < blocks && !stopped; taken = next.getAndIncrement()) {
            int second = blocks - 1 - taken; // the longest first, so that threads end together
            double[][] columns = columns(second * BLOCK);
            for (int first = 0; first <= second && !stopped; first++) {
                compare(first * BLOCK, second * BLOCK, columns, nearest);
            }
        }
        return nearest;
    }

    /** A block of rows turned over, so that one element of all of them lies together. */
    private double[][] columns(int from) {
        int size = Math.min(BLOCK, rows.length - from);
        var columns = new double[rows[0].length][size];
        for (int j = 0; j < size; j++) {
            for (int i = 0; i < columns.length; i++) {
                columns[i][j] = rows[from + j][i];
            }
        }
        return columns;
    }

    private void compare(int first, int second, double[][] columns, double[][] nearest) {
        var sums = new double[columns[0].length];
        int end = Math.min(first + BLOCK, rows.length);
        for (int row = first; row < end; row++) {
            squares(rows[row], columns, sums);
            for (int j = first == second ? row - first + 1 : 0; j < sums.length; j++) {
                insert(nearest[row], sums[j]);
                insert(nearest[second + j], sums[j]);
            }
        }
    }

    /** The squared distances from one row to all of a block. */
    private static void squares(double[] row, double[][] columns, double[] sums) {
        Arrays.fill(sums, 0);
        for (int i = 0; i < row.length; i++) {
            add(row[i], columns[i], sums);
        }
    }

    private static void add(double value, double[] column, double[] sums) {
        for (int j = 0; j < sums.length; j++) {
            double way = value - column[j];
            sums[j] += way * way;
        }
    }

    private static double[][] joined(double[][] one, double[][] other) {
        for (int row = 0; row < one.length; row++) {
            for (double square : other[row]) {
                insert(one[row], square);
            }
        }
        return one;
    }

    private static void insert(double[] sorted, double value) {
        int place = sorted.length - 1;
        if (value >= sorted[place]) {
            return;
        }
        for (; place > 0 && sorted[place - 1] > value; place--) {
            sorted[place] = sorted[place - 1];
        }
        sorted[place] = value;
    }
}
