package microtome.probe.update;

import java.util.Arrays;
import microtome.probe.data.Vectors;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;

/** Regression of updates on states with a penalty of a hundredth of the mean variance. */
final class Ridge {
    private static final double SHARE = 0.01;

    private Ridge() {}

    /** The penalty, {@code 0.01 trace(Xc'Xc) / width}. */
    static double penalty(double trace, int width) {
        return SHARE * trace / width;
    }

    /**
     * {@code (Xc'Xc + lambda I)^-1 Xc'Uc}. With fewer tokens than dimensions it is the same as the dual form, as the penalty makes
     * the matrix regular.
     *
     * @param statesByStates {@code Xc'Xc}, row-major
     * @param statesByUpdates {@code Xc'Uc}, row-major
     */
    static DMatrixRMaj coefficients(double[] statesByStates, double[] statesByUpdates, int width) {
        var penalised = new DMatrixRMaj(width, width, true, statesByStates.clone());
        double penalty = penalty(CommonOps_DDRM.trace(penalised), width);
        for (int i = 0; i < width; i++) {
            penalised.add(i, i, penalty);
        }
        var solver = LinearSolverFactory_DDRM.symmPosDef(width);
        if (!solver.setA(penalised)) {
            throw new ArithmeticException("ridge regression: Xc'Xc + lambda I is not positive definite");
        }
        var result = new DMatrixRMaj(width, width);
        solver.solve(new DMatrixRMaj(width, width, true, statesByUpdates), result);
        return result;
    }

    /**
     * The directions of updates in which the predictions {@code Xc B} vary most.
     *
     * @return {@code [rank][width]}, of length 1 and orthogonal
     */
    static double[][] leading(double[] statesByStates, DMatrixRMaj coefficients, int rank) {
        int width = coefficients.numRows;
        var products = new DMatrixRMaj(width, width);
        var predictions = new DMatrixRMaj(width, width);
        CommonOps_DDRM.mult(new DMatrixRMaj(width, width, true, statesByStates), coefficients, products);
        CommonOps_DDRM.multTransA(coefficients, products, predictions);
        return Eigenvectors.of(predictions, rank).vectors();
    }

    /**
     * The weights of the updates of some tokens in the prediction for another one: {@code (Xc Xc' + lambda I)^-1 Xc x}.
     *
     * @param states {@code [tokens][width]}, centred
     * @param state centred with the same mean
     */
    static double[] dualWeights(double[][] states, double[] state) {
        int tokens = states.length;
        var gram = new DMatrixRMaj(tokens, tokens);
        var right = new DMatrixRMaj(tokens, 1);
        for (int i = 0; i < tokens; i++) {
            right.set(i, 0, Vectors.dot(states[i], state));
            for (int j = 0; j <= i; j++) {
                double product = Vectors.dot(states[i], states[j]);
                gram.set(i, j, product);
                gram.set(j, i, product);
            }
        }
        double penalty = penalty(CommonOps_DDRM.trace(gram), state.length);
        var weights = new double[tokens];
        if (penalty <= 0) {
            return weights;
        }
        for (int i = 0; i < tokens; i++) {
            gram.add(i, i, penalty);
        }
        var solver = LinearSolverFactory_DDRM.symmPosDef(tokens);
        var found = new DMatrixRMaj(tokens, 1);
        if (!solver.setA(gram)) {
            throw new ArithmeticException("local ridge regression: Xc Xc' + lambda I is not positive definite");
        }
        solver.solve(right, found);
        return Arrays.copyOf(found.getData(), tokens);
    }
}
