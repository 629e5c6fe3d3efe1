package microtome.probe.geometry.control;

import java.util.Comparator;
import java.util.stream.IntStream;
import microtome.probe.data.prompt.PromptStates;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;

/**
 * The states in the directions in which the states of all layers and prompts together vary most. The directions are found on
 * centred states; what is projected is not centred, so that lengths and angles keep their origin.
 *
 * @param components how many directions, at least 1; as many as there are if there are fewer
 */
public record PrincipalComponents(int components) implements StatesControl {
    /** A share of the largest variance below which a direction is rounding alone. */
    private static final double NOTHING = 1e-12;

    /** Checks that there is a direction. */
    public PrincipalComponents {
        if (components < 1) {
            throw new IllegalArgumentException(
                    "projection to %d principal components: need at least 1".formatted(components));
        }
    }

    @Override
    public String label() {
        return "%d principal components".formatted(components);
    }

    @Override
    public PromptStates of(PromptStates states) {
        return Projecting.of(states, directions(centred(states)));
    }

    /** Unit vectors, {@code [directions, width]}, by way of the smaller of the two products of the states with themselves. */
    private double[][] directions(DMatrixRMaj rows) {
        boolean wide = rows.numCols > rows.numRows;
        int size = Math.min(rows.numCols, rows.numRows);
        var product = new DMatrixRMaj(size, size);
        if (wide) {
            CommonOps_DDRM.multTransB(rows, rows, product);
        } else {
            CommonOps_DDRM.multTransA(rows, rows, product);
        }
        var eigen = DecompositionFactory_DDRM.eig(size, true, true);
        if (!eigen.decompose(product)) {
            throw new ArithmeticException("%s: the eigenvalues of the states did not converge".formatted(label()));
        }
        double largest = IntStream.range(0, size)
                .mapToDouble(index -> eigen.getEigenvalue(index).getReal())
                .max()
                .orElseThrow();
        return IntStream.range(0, size)
                .boxed()
                .sorted(Comparator.comparingDouble(
                        (Integer index) -> -eigen.getEigenvalue(index).getReal()))
                .limit(components)
                .filter(index -> eigen.getEigenvalue(index).getReal() > NOTHING * largest)
                .map(index -> eigen.getEigenVector(index))
                .map(vector -> wide ? times(rows, vector) : vector.getData().clone())
                .toArray(double[][]::new);
    }

    /** {@code rows' vector}, brought to length 1. */
    private static double[] times(DMatrixRMaj rows, DMatrixRMaj vector) {
        var direction = new DMatrixRMaj(rows.numCols, 1);
        CommonOps_DDRM.multTransA(rows, vector, direction);
        double norm = Math.sqrt(CommonOps_DDRM.dot(direction, direction));
        CommonOps_DDRM.divide(direction, norm);
        return direction.getData();
    }

    /** All states of all layers minus their mean, {@code [layers * prompts, width]}. */
    private static DMatrixRMaj centred(PromptStates states) {
        int prompts = states.prompts().size();
        var rows = new DMatrixRMaj(states.states().length * prompts, states.width());
        for (int row = 0; row < rows.numRows; row++) {
            float[] state = states.states()[row / prompts][row % prompts];
            for (int i = 0; i < state.length; i++) {
                rows.set(row, i, state[i]);
            }
        }
        for (int column = 0; column < rows.numCols; column++) {
            double sum = 0;
            for (int row = 0; row < rows.numRows; row++) {
                sum += rows.get(row, column);
            }
            double mean = sum / rows.numRows;
            for (int row = 0; row < rows.numRows; row++) {
                rows.add(row, column, -mean);
            }
        }
        return rows;
    }
}
