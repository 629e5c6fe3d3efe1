package microtome.probe.dimension;

import java.util.SplittableRandom;

/** Made-up states. */
final class States {
    private States() {}

    /** Independent normal numbers. */
    static double[][] normal(int count, int width, long seed) {
        var random = new SplittableRandom(seed);
        var rows = new double[count][width];
        for (double[] row : rows) {
            for (int i = 0; i < width; i++) {
                row[i] = random.nextGaussian();
            }
        }
        return rows;
    }

    static float[][] floats(double[][] rows) {
        var floats = new float[rows.length][rows[0].length];
        for (int row = 0; row < rows.length; row++) {
            for (int i = 0; i < rows[row].length; i++) {
                floats[row][i] = (float) rows[row][i];
            }
        }
        return floats;
    }

    /** Two-dimensional states of {@code theirs} turned into {@code width} dimensions by a random linear map. */
    static double[][] embedded(double[][] theirs, int width, long seed) {
        double[][] map = normal(theirs[0].length, width, seed);
        var rows = new double[theirs.length][width];
        for (int row = 0; row < rows.length; row++) {
            for (int k = 0; k < map.length; k++) {
                for (int i = 0; i < width; i++) {
                    rows[row][i] += theirs[row][k] * map[k][i];
                }
            }
        }
        return rows;
    }
}
