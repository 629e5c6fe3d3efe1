package microtome.probe.concept.linear;

/** For at least as many rows as features: the matrix itself, summed row by row in double precision. */
final class PrimalCurvature implements Curvature {
    private final CentredRows rows;

    PrimalCurvature(CentredRows rows) {
        this.rows = rows;
    }

    @Override
    public Inverse inverse(double[] curvatures, double strength) {
        int side = rows.width() + 1;
        var matrix = new double[side][side];
        var row = new double[side];
        for (int index = 0; index < rows.size(); index++) {
            System.arraycopy(rows.row(index), 0, row, 0, side - 1);
            row[side - 1] = 1;
            double weight = strength * Math.max(curvatures[index], LEAST);
            for (int i = 0; i < side; i++) {
                Additions.addFrom(i, weight * row[i], row, matrix[i]);
            }
        }
        return Curvature.factored(matrix);
    }

    @Override
    public void close() {
        // holds nothing
    }
}
