package microtome.probe.concept.comparison;

import org.tribuo.Trainer;
import org.tribuo.classification.Label;
import org.tribuo.classification.baseline.DummyClassifierTrainer;
import org.tribuo.classification.dtree.CARTClassificationTrainer;
import org.tribuo.classification.dtree.impurity.GiniIndex;
import org.tribuo.classification.ensemble.VotingCombiner;
import org.tribuo.classification.liblinear.LibLinearClassificationTrainer;
import org.tribuo.classification.liblinear.LinearClassificationType;
import org.tribuo.classification.liblinear.LinearClassificationType.LinearType;
import org.tribuo.classification.libsvm.LibSVMClassificationTrainer;
import org.tribuo.classification.libsvm.SVMClassificationType;
import org.tribuo.classification.libsvm.SVMClassificationType.SVMMode;
import org.tribuo.common.libsvm.KernelType;
import org.tribuo.common.libsvm.SVMParameters;
import org.tribuo.common.tree.RandomForestTrainer;

/**
 * Tribuo's trainers with settings that do not depend on its defaults. Each call makes a new one: the second training of one and
 * the same trainer draws other random numbers.
 */
final class TribuoTrainers {
    private static final double TOLERANCE = 1e-4;
    private static final int MOST_ITERATIONS = 10_000;
    private static final int TREES = 100;

    private TribuoTrainers() {}

    static Trainer<Label> of(Classifier classifier, ClassifierOptions options, int width) {
        return switch (classifier) {
            case MAJORITY -> DummyClassifierTrainer.createMostFrequentTrainer();
            case LOGISTIC -> throw new IllegalArgumentException("our own logistic regression has no trainer of Tribuo");
            case LIBLINEAR_LOGISTIC -> linear(LinearType.L2R_LR, options);
            case LINEAR_SVM -> linear(LinearType.L2R_L2LOSS_SVC, options);
            case RBF_SVM -> kernel(options, width);
            case TREE -> tree(1, options.seed());
            case FOREST ->
                new RandomForestTrainer<>(
                        tree((float) (1 / Math.sqrt(Math.max(width, 1))), options.seed()),
                        new VotingCombiner(),
                        TREES,
                        options.seed());
        };
    }

    private static Trainer<Label> linear(LinearType type, ClassifierOptions options) {
        return new LibLinearClassificationTrainer(
                new LinearClassificationType(type), options.cost(), MOST_ITERATIONS, TOLERANCE, options.seed());
    }

    private static Trainer<Label> kernel(ClassifierOptions options, int width) {
        var parameters = new SVMParameters<>(new SVMClassificationType(SVMMode.C_SVC), KernelType.RBF);
        parameters.setCost(options.cost());
        parameters.setGamma(1.0 / width);
        return new LibSVMClassificationTrainer(parameters, options.seed());
    }

    private static CARTClassificationTrainer tree(float share, long seed) {
        return new CARTClassificationTrainer(Integer.MAX_VALUE, 1, 0, share, false, new GiniIndex(), seed);
    }
}
