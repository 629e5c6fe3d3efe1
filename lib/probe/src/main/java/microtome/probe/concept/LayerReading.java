package microtome.probe.concept;

import java.util.List;
import java.util.function.ToDoubleFunction;
import microtome.probe.concept.evaluation.Evaluation;
import microtome.probe.concept.linear.LinearProbe;
import microtome.probe.data.Average;
import microtome.probe.data.Copies;

/**
 * What probes read at one layer.
 *
 * @param layer its name
 * @param evaluations of the probe on unseen prompts, one for each seed; none where {@code reason} says why
 * @param control accuracy at the control task, one for each seed; NaN where there was none
 * @param massMean accuracy of the mass-mean probe, one for each seed
 * @param bits of the online code; NaN where it was not computed
 * @param controlBits of the online code of the control task
 * @param probe that of the first seed; null where there is none
 * @param scores of that seed's unseen prompts, {@code [prompts][rows of the probe]}
 * @param unconverged how many of the fits did not converge
 * @param reason why there are no numbers; empty where there are
 */
record LayerReading(
        String layer,
        List<Evaluation> evaluations,
        double[] control,
        double[] massMean,
        double bits,
        double controlBits,
        LinearProbe probe,
        double[][] scores,
        int unconverged,
        String reason) {
    LayerReading {
        evaluations = List.copyOf(evaluations);
        control = control.clone();
        massMean = massMean.clone();
        scores = Copies.of(scores);
    }

    static LayerReading missing(String layer, String reason) {
        return new LayerReading(
                layer,
                List.of(),
                new double[0],
                new double[0],
                Double.NaN,
                Double.NaN,
                null,
                new double[0][],
                0,
                reason);
    }

    boolean isMissing() {
        return evaluations.isEmpty();
    }

    double accuracy() {
        return mean(Evaluation::accuracy);
    }

    double mean(ToDoubleFunction<Evaluation> number) {
        return Average.of(evaluations.stream().mapToDouble(number).toArray()).value();
    }

    double controlAccuracy() {
        return Average.of(control).value();
    }

    double massMeanAccuracy() {
        return Average.of(massMean).value();
    }

    double selectivity() {
        return accuracy() - controlAccuracy();
    }
}
