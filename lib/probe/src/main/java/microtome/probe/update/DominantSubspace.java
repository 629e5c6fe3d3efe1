package microtome.probe.update;

import java.util.Arrays;
import microtome.probe.data.Vectors;
import org.ejml.data.DMatrixRMaj;

/**
 * The fewest leading right singular vectors that hold nine tenths of the energy of some vectors, not centred, at most 64.
 *
 * @param directions {@code [dimensions][width]}, of length 1 and orthogonal; none where the vectors are all 0
 */
record DominantSubspace(double[][] directions) {
    /** Vectors that decide; with more, the first of them, which a seeded order puts in front. */
    static final int MOST_VECTORS = 256;

    private static final int MOST_DIRECTIONS = 64;
    private static final double ENERGY = 0.9;

    static DominantSubspace of(double[][] all) {
        double[][] vectors = Arrays.copyOf(all, Math.min(all.length, MOST_VECTORS));
        var gram = new DMatrixRMaj(vectors.length, vectors.length);
        double energy = 0;
        for (int i = 0; i < vectors.length; i++) {
            for (int j = 0; j <= i; j++) {
                double product = Vectors.dot(vectors[i], vectors[j]);
                gram.set(i, j, product);
                gram.set(j, i, product);
            }
            energy += gram.get(i, i);
        }
        if (energy < Vectors.SHORTEST * Vectors.SHORTEST) {
            return new DominantSubspace(new double[0][]);
        }
        return new DominantSubspace(leading(vectors, gram, energy));
    }

    /** From the eigenvectors of the products of the vectors, as there are fewer vectors than dimensions or few of both. */
    private static double[][] leading(double[][] vectors, DMatrixRMaj gram, double energy) {
        int most = Math.min(MOST_DIRECTIONS, Math.min(vectors.length, vectors[0].length));
        var eigen = Eigenvectors.of(gram, most);
        var directions = new double[most][];
        int count = 0;
        for (double held = 0; count < most && held < ENERGY * energy; count++) {
            held += eigen.values()[count];
            directions[count] = direction(vectors, eigen.vectors()[count], Math.sqrt(eigen.values()[count]));
        }
        return Arrays.copyOf(directions, count);
    }

    private static double[] direction(double[][] vectors, double[] weights, double length) {
        var direction = new double[vectors[0].length];
        for (int i = 0; i < vectors.length; i++) {
            UpdateMap.add(weights[i] / length, vectors[i], direction);
        }
        return direction;
    }

    int dimensions() {
        return directions.length;
    }

    /** The share of a vector's energy that lies in here; NaN without directions or for a vector of length 0. */
    double share(double[] vector) {
        double energy = Vectors.dot(vector, vector);
        if (directions.length == 0 || Math.sqrt(energy) < Vectors.SHORTEST) {
            return Double.NaN;
        }
        return Arrays.stream(directions)
                        .mapToDouble(direction -> Vectors.dot(direction, vector))
                        .map(part -> part * part)
                        .sum()
                / energy;
    }
}
