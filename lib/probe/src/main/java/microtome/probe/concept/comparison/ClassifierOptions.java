package microtome.probe.concept.comparison;

import java.util.List;
import java.util.stream.Collectors;
import microtome.probe.concept.evaluation.Split;
import microtome.probe.concept.tribuo.Scaling;

/**
 * Which classifiers are compared, and how.
 *
 * @param classifiers in the order in which they are shown
 * @param scaling of the vectors, by means and standard deviations of the training part
 * @param cost how much examples count against the penalty, {@code C}; for both logistic regressions and both SVMs
 * @param split how prompts are parted
 * @param trainingShare of the prompts
 * @param seed of the split and of whatever draws by chance
 */
public record ClassifierOptions(
        List<Classifier> classifiers, Scaling scaling, double cost, Split split, double trainingShare, long seed) {
    /** All classifiers, standardised, C = 1; 60 % for training, whole groups, seed 42. */
    public static final ClassifierOptions DEFAULT =
            new ClassifierOptions(Classifier.ALL, Scaling.STANDARDISED, 1, Split.WHOLE_GROUPS, 0.6, 42);

    /** Checks that there is a classifier, none twice, and that cost and share are in range. */
    public ClassifierOptions {
        classifiers = List.copyOf(classifiers);
        if (classifiers.isEmpty() || classifiers.stream().distinct().count() < classifiers.size()) {
            throw new IllegalArgumentException(
                    "classifiers %s: need at least one, and none twice".formatted(classifiers));
        }
        if (!(cost > 0) || Double.isInfinite(cost) || !(trainingShare > 0 && trainingShare < 1)) {
            throw new IllegalArgumentException(
                    "cost %s, training share %s: need a finite cost above 0, and a share above 0 and below 1"
                            .formatted(cost, trainingShare));
        }
    }

    /** These options for some classifiers only. */
    public ClassifierOptions only(Classifier... some) {
        return new ClassifierOptions(List.of(some), scaling, cost, split, trainingShare, seed);
    }

    /** These options with another scaling. */
    public ClassifierOptions scaling(Scaling other) {
        return new ClassifierOptions(classifiers, other, cost, split, trainingShare, seed);
    }

    /** These options with another cost. */
    public ClassifierOptions cost(double other) {
        return new ClassifierOptions(classifiers, scaling, other, split, trainingShare, seed);
    }

    /** These options with another split. */
    public ClassifierOptions split(Split other, double otherShare) {
        return new ClassifierOptions(classifiers, scaling, cost, other, otherShare, seed);
    }

    /** These options with another seed. */
    public ClassifierOptions seed(long other) {
        return new ClassifierOptions(classifiers, scaling, cost, split, trainingShare, other);
    }

    @Override
    public String toString() {
        return "%s; %s; C = %s; %.0f %% for training, %s; seed %d"
                .formatted(
                        classifiers.stream().map(Classifier::label).collect(Collectors.joining(", ")),
                        scaling.label(),
                        cost,
                        100 * trainingShare,
                        split.label(),
                        seed);
    }
}
