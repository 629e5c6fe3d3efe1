package microtome.model.corpus.fold;

/** Ready folds. Their states hold sums in double precision, so that a corpus of any length adds no rounding of its own. */
public final class Folds {
    private Folds() {}

    /** Count, mean and variance of every feature. */
    public static Fold<ColumnMoments> moments() {
        return new MomentsFold();
    }

    /** Mean and covariance of all features; keeps features² numbers. */
    public static Fold<Covariance> covariance() {
        return new CovarianceFold();
    }

    /** Sums of products of all pairs of features, not centred; keeps features² numbers. */
    public static Fold<Gram> gram() {
        return covariance().then(Covariance::gram);
    }

    /** The rows with the largest values of every feature, and where they come from. */
    public static Fold<TopExamples> examples(int slots) {
        return new ExamplesFold(slots);
    }

    /**
     * How often the values of every feature fall into equal bins.
     *
     * @param low lower end of the first bin
     * @param high upper end of the last bin
     */
    public static Fold<Histogram> histogram(double low, double high, int bins) {
        return new HistogramFold(low, high, bins);
    }
}
