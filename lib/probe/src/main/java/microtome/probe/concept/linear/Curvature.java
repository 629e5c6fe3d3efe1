package microtome.probe.concept.linear;

/**
 * The second derivatives of the objective for one vector of parameters, {@code [weights, bias]}: the identity for the weights
 * plus the strength times the sum over the rows, each with a 1 behind it, of curvature times row times row. Only the way to the
 * optimum depends on how exact it is.
 */
sealed interface Curvature extends AutoCloseable permits PrimalCurvature, DualCurvature, EngineCurvature {
    /** So little curvature still counts, as rows that are surely right have none left in double precision. */
    double LEAST = 1e-12;

    /** Multiplications from which on an engine is worth the way there and back. */
    double WORTH_AN_ENGINE = 1e7;

    /** The inverse with these curvatures of the rows. */
    Inverse inverse(double[] curvatures, double strength);

    @Override
    void close();

    /** The inverse of the matrix, as a factor of it. */
    interface Inverse {
        /** What the matrix turns into {@code right}. */
        double[] times(double[] right);
    }

    /** The cheapest form: of rows where these are fewer than features, on an engine where there is one and much to do. */
    static Curvature of(CentredRows rows, Products products) {
        if (rows.size() < rows.width()) {
            return new DualCurvature(rows);
        }
        double multiplications = (double) rows.size() * rows.width() * rows.width();
        return products instanceof Products.On(var engine) && multiplications >= WORTH_AN_ENGINE
                ? new EngineCurvature(engine, rows)
                : new PrimalCurvature(rows);
    }

    /** The factor of a matrix whose upper triangle lacks only the identity for the weights. */
    static Inverse factored(double[][] matrix) {
        for (int i = 0; i < matrix.length - 1; i++) {
            matrix[i][i] += 1;
        }
        return required(Cholesky.of(matrix))::solve;
    }

    /** The factor of a matrix that is positive definite unless its numbers are too large for their type. */
    static Cholesky required(Cholesky factor) {
        if (factor == null) {
            throw new ArithmeticException("the second derivatives of the logistic loss have no Cholesky factor; "
                    + "the features are too large or too unlike in scale: standardise them");
        }
        return factor;
    }
}
