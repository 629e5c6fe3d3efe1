package microtome.tensor;

/**
 * Count, mean and covariance of rows that come in batches, kept in double precision and as exact as if all rows had been
 * there at once, however far their mean is from 0:
 *
 * <pre>{@code
 * var moments = Moments.none(engine, width);
 * for (var rows : batches) {
 *     try (var before = moments) {
 *         moments = before.with(rows);
 *     }
 * }
 * var covariance = moments.summary().covariance();
 * }</pre>
 *
 * @param state F64 {@code [width + 1, width + 1]}, see {@link Op.UpdateMoments}
 * @see <a href="https://doi.org/10.1080/00031305.1983.10483115">Chan, Golub and LeVeque 1983</a>
 */
public record Moments(Tensor state) implements AutoCloseable {

    /** Of no rows yet. */
    public static Moments none(Engine engine, long width) {
        return new Moments(engine.tensor(new double[Math.toIntExact((width + 1) * (width + 1))], width + 1, width + 1));
    }

    /**
     * With more rows.
     *
     * @param rows {@code [rows, width]} of a floating type
     */
    public Moments with(Tensor rows) {
        return new Moments(state.engine().apply(new Op.UpdateMoments(), state, rows));
    }

    /** What is known so far, in plain arrays. Waits for the device. */
    public Summary summary() {
        int side = Math.toIntExact(state.extent(0));
        int width = side - 1;
        var all = state.toDoubles();
        var mean = new double[width];
        var scatter = new double[width][width];
        System.arraycopy(all, 1, mean, 0, width);
        for (int i = 0; i < width; i++) {
            System.arraycopy(all, (i + 1) * side + 1, scatter[i], 0, width);
        }
        return new Summary((long) all[0], mean, scatter);
    }

    /** Frees the state; a summary stays. */
    @Override
    public void close() {
        state.close();
    }

    /**
     * The moments of rows.
     *
     * @param count rows
     * @param mean of every column
     * @param scatter sums of products of two columns, each minus its mean
     */
    public record Summary(long count, double[] mean, double[][] scatter) {

        /** The covariances of columns, with {@code count - 1} degrees of freedom; NaN for fewer than two rows. */
        public double[][] covariance() {
            return each((i, j) -> count < 2 ? Double.NaN : scatter[i][j] / (count - 1));
        }

        /** The sums of products of two columns, not centred. */
        public double[][] gram() {
            return each((i, j) -> scatter[i][j] + count * mean[i] * mean[j]);
        }

        /** The moments of both sets of rows together. */
        public Summary and(Summary other) {
            if (other.mean.length != mean.length) {
                throw new IllegalArgumentException("moments: %d columns and %d columns do not belong together"
                        .formatted(mean.length, other.mean.length));
            }
            long total = count + other.count;
            if (total == 0) {
                return this;
            }
            double share = (double) other.count / total;
            var way = new double[mean.length];
            var joined = new double[mean.length];
            for (int i = 0; i < mean.length; i++) {
                way[i] = other.mean[i] - mean[i];
                joined[i] = mean[i] + way[i] * share;
            }
            return new Summary(
                    total,
                    joined,
                    each((i, j) -> scatter[i][j] + other.scatter[i][j] + way[i] * way[j] * (count * share)));
        }

        private interface Entry {
            double at(int row, int column);
        }

        private double[][] each(Entry entry) {
            var result = new double[mean.length][mean.length];
            for (int i = 0; i < result.length; i++) {
                for (int j = 0; j < result.length; j++) {
                    result[i][j] = entry.at(i, j);
                }
            }
            return result;
        }
    }
}
