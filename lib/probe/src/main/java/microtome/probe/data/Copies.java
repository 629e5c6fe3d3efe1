package microtome.probe.data;

import java.util.Arrays;

/** Copies of nested arrays, so that nobody can change a result. */
public final class Copies {
    private Copies() {}

    /** A copy of every row. */
    public static double[][] of(double[][] rows) {
        return Arrays.stream(rows).map(double[]::clone).toArray(double[][]::new);
    }

    /** A copy of every row. */
    public static float[][] of(float[][] rows) {
        return Arrays.stream(rows).map(float[]::clone).toArray(float[][]::new);
    }

    /** A copy of every row. */
    public static int[][] of(int[][] rows) {
        return Arrays.stream(rows).map(int[]::clone).toArray(int[][]::new);
    }

    /** A copy of every row of every block. */
    public static double[][][] of(double[][][] blocks) {
        return Arrays.stream(blocks).map(Copies::of).toArray(double[][][]::new);
    }

    /** A copy of every row of every block. */
    public static float[][][] of(float[][][] blocks) {
        return Arrays.stream(blocks).map(Copies::of).toArray(float[][][]::new);
    }

    /** A copy of every row of every block. */
    public static int[][][] of(int[][][] blocks) {
        return Arrays.stream(blocks).map(Copies::of).toArray(int[][][]::new);
    }
}
