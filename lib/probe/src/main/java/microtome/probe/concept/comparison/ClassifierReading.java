package microtome.probe.concept.comparison;

import microtome.probe.data.Copies;

/**
 * One classifier at one layer, judged on unseen prompts by Tribuo's evaluator.
 *
 * @param layer its name
 * @param classifier which
 * @param reason why there are no numbers, or empty
 * @param accuracy share of right classes
 * @param macroF1 mean over classes of the harmonic mean of precision and recall
 * @param auc area under the curve of the second of two classes; NaN for more
 * @param confusion {@code [class][class that it said]}
 * @param precision of every class; NaN for one that it never said
 * @param recall of every class
 * @param f1 of every class
 * @param provenance trainer and settings in Tribuo's words, or ours
 * @param data what it was trained with, in Tribuo's words
 */
record ClassifierReading(
        String layer,
        Classifier classifier,
        String reason,
        double accuracy,
        double macroF1,
        double auc,
        int[][] confusion,
        double[] precision,
        double[] recall,
        double[] f1,
        String provenance,
        String data) {
    ClassifierReading {
        confusion = Copies.of(confusion);
        precision = precision.clone();
        recall = recall.clone();
        f1 = f1.clone();
    }

    static ClassifierReading missing(String layer, Classifier classifier, String reason) {
        double nothing = Double.NaN;
        var none = new double[0];
        return new ClassifierReading(
                layer, classifier, reason, nothing, nothing, nothing, new int[0][], none, none, none, "", "");
    }

    boolean isMissing() {
        return !reason.isEmpty();
    }
}
