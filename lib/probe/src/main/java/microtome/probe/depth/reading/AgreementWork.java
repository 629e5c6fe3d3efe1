package microtome.probe.depth.reading;

import java.util.Arrays;
import java.util.List;
import microtome.display.InterruptedWorkException;
import microtome.display.Progress;
import microtome.model.Harvest;
import microtome.model.LanguageModel;
import microtome.model.Site;
import microtome.model.corpus.document.Documents;
import microtome.probe.data.Origin;
import microtome.tensor.Tensor;
import microtome.tensor.WaitInterruptedException;

/**
 * Compares a slab of rows at a time: the final distribution of its rows once, then that of every tap. Of the logits there are
 * never more than two slabs {@code [ROWS, vocabulary]} and what is computed from them.
 */
final class AgreementWork {
    /** Enough rows to make the product worth its pass over the unembedding; 12 MB of logits at 49,152 tokens. */
    private static final int ROWS = 64;

    private static final int MEASURES = 3;

    private final LanguageModel model;
    private final List<Site> sites;
    private final double[][] sums;
    private final Progress progress;
    private long rows;

    private AgreementWork(LanguageModel model, List<Integer> depths, Progress progress) {
        this.model = model;
        this.sites = depths.stream().map(Site::residual).toList();
        this.sums = new double[MEASURES][depths.size()];
        this.progress = progress;
    }

    static LensAgreement run(Documents texts, AgreementOptions options, LanguageModel model, Origin inputs) {
        Site.logits().checkedFor(model.config());
        List<Integer> depths = DepthSteps.of(model.config().blocks(), options.every());
        String stopped = "";
        try (var progress = Progress.of("lens agreement (positions)");
                var reading = new Texts(model, texts, options.reading(), _ -> true)) {
            var work = new AgreementWork(model, depths, progress);
            try {
                reading.forEachRemaining(work::take);
            } catch (InterruptedWorkException | WaitInterruptedException interrupted) {
                Thread.interrupted(); // heard: what is done is handed on
                stopped = "stopped before the end: " + interrupted.getMessage();
            }
            if (work.rows == 0 && stopped.isEmpty()) {
                throw new IllegalArgumentException(
                        "lens agreement: %s have no tokens; give at least one text".formatted(texts));
            }
            Origin origin = new Origin(
                    inputs.models(),
                    "%s, %,d read".formatted(inputs.inputs(), reading.documents()),
                    inputs.sha256(),
                    inputs.remarks());
            origin = reading.lonely() == 0
                    ? origin
                    : origin.remark(
                            "%,d pieces are too short to leave out their first position, which was kept: read their part with care"
                                    .formatted(reading.lonely()));
            return new LensAgreement(
                    stopped.isEmpty() ? origin : origin.remark(stopped), options, depths, work.means());
        }
    }

    private void take(TextBatch batch) {
        try (var scope = model.engine().openScope()) {
            var harvest = new Harvest(scope, sites);
            model.run(batch.sequences(), harvest);
            List<Tensor> streams =
                    sites.stream().map(site -> batch.rows(harvest.get(site))).toList();
            for (int from = 0; from < batch.rows(); from += ROWS) {
                int to = Math.min(batch.rows(), from + ROWS);
                add(slab(streams, from, to), to - from);
            }
        }
    }

    /** Counts a slab that is done at every tap. */
    private void add(double[][] slab, int count) {
        for (int measure = 0; measure < MEASURES; measure++) {
            for (int tap = 0; tap < sites.size(); tap++) {
                sums[measure][tap] += slab[measure][tap];
            }
        }
        rows += count;
        progress.step(count);
    }

    /** Sums over the rows of a slab, {@code [measures][taps]}. */
    private double[][] slab(List<Tensor> streams, int from, int to) {
        var found = new double[MEASURES][sites.size()];
        try (var _ = model.engine().openScope()) {
            Row last = row(streams.getLast(), sites.getLast(), from, to);
            for (int tap = 0; tap < sites.size(); tap++) {
                try (var _ = model.engine().openScope()) {
                    compare(last, row(streams.get(tap), sites.get(tap), from, to), found, tap);
                }
                Progress.stopIfInterrupted("lens agreement");
            }
        }
        return found;
    }

    private static void compare(Row last, Row lens, double[][] found, int tap) {
        Tensor difference = last.logarithms().minus(lens.logarithms());
        found[0][tap] = total(last.probabilities().times(difference));
        found[1][tap] = -total(lens.probabilities().times(difference));
        found[2][tap] = last.overlap(lens);
    }

    private static double total(Tensor terms) {
        double total = 0;
        for (float row : terms.sum(-1).toFloats()) {
            total += row;
        }
        return total;
    }

    private Row row(Tensor stream, Site site, int from, int to) {
        Tensor logits = model.unembed(stream.slice(0, from, to));
        Tensor logSumExp = logits.logSumExp(-1);
        for (float sum : logSumExp.toFloats()) {
            if (!Float.isFinite(sum)) {
                throw new ArithmeticException(
                        "lens agreement: log(sum(exp(logits))) read at %s is %s; run the model in F32, and check its weight file if it already does"
                                .formatted(site, sum));
            }
        }
        return new Row(
                logits.softmax(-1),
                logits.minus(logSumExp),
                logits.topK(LensAgreement.TOP).toInts());
    }

    private LensAgreement.Values means() {
        double[][] means = Arrays.stream(sums)
                .map(measure -> Arrays.stream(measure)
                        .map(sum -> rows == 0 ? Double.NaN : sum / rows)
                        .toArray())
                .toArray(double[][]::new);
        return new LensAgreement.Values(means[0], means[1], means[2], rows);
    }

    /**
     * What was read of a slab at one site.
     *
     * @param probabilities {@code [rows, vocabulary]}
     * @param logarithms of the same
     * @param top the most likely tokens, row by row
     */
    private record Row(Tensor probabilities, Tensor logarithms, int[] top) {
        /** The share of the top tokens that both have, summed over rows. */
        double overlap(Row other) {
            int both = 0;
            for (int row = 0; row < top.length; row += LensAgreement.TOP) {
                for (int i = row; i < row + LensAgreement.TOP; i++) {
                    for (int j = row; j < row + LensAgreement.TOP; j++) {
                        both += top[i] == other.top[j] ? 1 : 0;
                    }
                }
            }
            return (double) both / LensAgreement.TOP;
        }
    }
}
