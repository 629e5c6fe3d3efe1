package microtome.probe.concept.comparison;

import java.util.List;

/** A way to tell classes apart. All but {@link #LOGISTIC} are trained by Tribuo. */
public enum Classifier {
    /** The class that is most frequent in training. */
    MAJORITY("majority"),
    /** Our logistic regression, at its optimum; its bias is free. */
    LOGISTIC("logistic, ours"),
    /** LibLinear's logistic regression, one against the rest; its bias is penalised as a weight is. */
    LIBLINEAR_LOGISTIC("logistic, LibLinear"),
    /** LibLinear's support vector machine with squared hinge loss, one against the rest. */
    LINEAR_SVM("linear SVM"),
    /** LibSVM with the kernel {@code exp(-|x - y|² / width)}, one against one. */
    RBF_SVM("RBF SVM"),
    /** A decision tree by Gini impurity, grown until its leaves are pure or hold one example. */
    TREE("CART tree"),
    /** The vote of a hundred such trees of bootstrap samples, each of which looks at √width features per split. */
    FOREST("random forest");

    /** All of them. */
    static final List<Classifier> ALL = List.of(values());

    private final String label;

    Classifier(String label) {
        this.label = label;
    }

    /** What it is called in pictures and tables. */
    public String label() {
        return label;
    }
}
