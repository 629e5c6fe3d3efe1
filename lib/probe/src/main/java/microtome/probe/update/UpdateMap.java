package microtome.probe.update;

import microtome.tensor.Engine;
import microtome.tensor.Tensor;

/** A fitted map of single tokens. */
sealed interface UpdateMap permits UpdateMap.Elementwise, UpdateMap.Projected, UpdateMap.Rotated, NeighbourMap {
    /**
     * The updates {@code t = T(x) - x}.
     *
     * @param states {@code [rows, width]}
     * @return {@code [rows][width]}
     */
    double[][] updates(Engine engine, float[] states);

    /** {@code t[i] = factor[i] x[i] + offset[i]}. */
    record Elementwise(double[] factor, double[] offset) implements UpdateMap {
        @Override
        public double[][] updates(Engine engine, float[] states) {
            int width = factor.length;
            var result = new double[states.length / width][width];
            for (int row = 0; row < result.length; row++) {
                for (int i = 0; i < width; i++) {
                    result[row][i] = factor[i] * states[row * width + i] + offset[i];
                }
            }
            return result;
        }
    }

    /**
     * {@code t = updateMean + (x - stateMean) down up}.
     *
     * @param down {@code [width][rank]}
     * @param up {@code [rank][width]}
     */
    record Projected(double[] stateMean, double[] updateMean, double[][] down, double[][] up) implements UpdateMap {
        @Override
        public double[][] updates(Engine engine, float[] states) {
            int width = stateMean.length;
            var result = new double[states.length / width][];
            for (int row = 0; row < result.length; row++) {
                var inner = new double[up.length];
                for (int i = 0; i < width; i++) {
                    add(states[row * width + i] - stateMean[i], down[i], inner);
                }
                result[row] = updateMean.clone();
                for (int k = 0; k < inner.length; k++) {
                    add(inner[k], up[k], result[row]);
                }
            }
            return result;
        }
    }

    /**
     * {@code T(x) = outputMean + (x - stateMean) rotation}.
     *
     * @param rotation {@code [width, width]}, row-major
     */
    record Rotated(double[] stateMean, double[] outputMean, float[] rotation) implements UpdateMap {
        @Override
        public double[][] updates(Engine engine, float[] states) {
            int width = stateMean.length;
            int rows = states.length / width;
            var centred = new float[states.length];
            for (int i = 0; i < centred.length; i++) {
                centred[i] = (float) (states[i] - stateMean[i % width]);
            }
            float[] turned;
            try (var _ = engine.openScope()) {
                Tensor matrix = engine.tensor(rotation, width, width);
                turned = engine.tensor(centred, rows, width).matmul(matrix).toFloats();
            }
            var result = new double[rows][width];
            for (int i = 0; i < turned.length; i++) {
                result[i / width][i % width] = outputMean[i % width] + turned[i] - states[i];
            }
            return result;
        }
    }

    /** Adds a multiple of a vector to another. */
    static void add(double factor, double[] vector, double[] sum) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] += factor * vector[i];
        }
    }
}
