package microtome.probe.attribution;

import java.util.ArrayList;
import java.util.List;
import microtome.model.Harvest;
import microtome.model.Site;
import microtome.model.Site.Kind;
import microtome.model.Tap;
import microtome.model.token.TokenSequence;
import microtome.probe.data.Integration;
import microtome.probe.data.PathIntegral;
import microtome.tensor.DType;
import microtome.tensor.Engine;
import microtome.tensor.Tensor;

/** Runs a clean and a corrupt prompt side by side and makes scores of their values and of gradients. */
final class PatchReading {
    private static final int CLEAN = 0;
    private static final int CORRUPT = 1;

    private final Question question;
    private final TokenSequence corrupt;
    private final Readout readout;
    private final Engine engine;
    private final List<Site> sites = new ArrayList<>();

    PatchReading(Question question, TokenSequence corrupt) {
        this.question = question;
        this.corrupt = corrupt;
        this.readout = Readout.of(question.model(), question.metric());
        this.engine = question.model().engine();
        for (int block = 0; block < question.blocks(); block++) {
            sites.addAll(List.of(
                    Site.residual(block), Site.headOutput(block), Site.attentionOutput(block), Site.mlpOutput(block)));
        }
        sites.add(Site.residual(question.blocks()));
    }

    /** What is found of both prompts. */
    record Found(double clean, double corrupt, PatchScores noising, PatchScores denoising) {}

    /** With the gradients of each run: one pass over both prompts, forwards and backwards. */
    Found firstOrder() {
        try (var scope = engine.openScope()) {
            var both = new Harvest(scope, sites);
            var ends = new Ends(question, readout, scope);
            List<Tensor> gradients; // [2, positions, ...]
            try (var tape = engine.record().freeing()) {
                run(both, ends);
                Tensor ones = engine.filled(1, DType.F32, 2);
                gradients = tape.gradients(List.of(ends.metric()), List.of(ones), values(both));
            }
            return found(both, gradients, ends.metric().toFloats());
        }
    }

    /** With gradients that are averaged over embeddings between those of the corrupt prompt and of the clean one. */
    Found integrated(Integration integration) {
        try (var scope = engine.openScope()) {
            var both = new Harvest(scope, sites);
            var ends = new Ends(question, readout, scope);
            run(both, ends);
            Tensor embeddings = both.get(Site.embedding());
            var path = new PathIntegral(row(embeddings, CORRUPT), row(embeddings, CLEAN), "attribution patching");
            var passes = new EmbeddedPasses(question, readout);
            List<Tensor> gradients = path.averages(integration, (inner, points) -> passes.at(inner, points, sites));
            return found(both, gradients, ends.metric().toFloats());
        }
    }

    private void run(Harvest both, Ends ends) {
        question.run(List.of(question.tokens(), corrupt), Tap.all(List.of(both, ends)));
    }

    private List<Tensor> values(Harvest both) {
        return sites.stream().map(both::get).toList();
    }

    private Found found(Harvest both, List<Tensor> gradients, float[] metric) {
        var scores = new ArrayList<double[][]>();
        try (var _ = engine.openScope()) {
            var pending = new ArrayList<Tensor>();
            for (int i = 0; i < sites.size(); i++) {
                pending.add(scores(both.get(sites.get(i)), gradients.get(i)));
            }
            for (Tensor one : pending) {
                scores.add(rows(one));
            }
        }
        return new Found(metric[CLEAN], metric[CORRUPT], grids(scores, CLEAN, 1), grids(scores, CORRUPT, -1));
    }

    /** (corrupt - clean) x gradient, summed over the width: {@code [1 or 2, positions * heads]}. */
    private static Tensor scores(Tensor both, Tensor gradient) {
        Tensor difference = row(both, CORRUPT).minus(row(both, CLEAN)).cast(DType.F32);
        Tensor sums = gradient.cast(DType.F32).times(difference).sum(-1);
        return sums.reshape(gradient.extent(0), sums.shape().elements() / gradient.extent(0));
    }

    /** One row for the gradient of each run; both are the same where there is one gradient. */
    private static double[][] rows(Tensor scores) {
        float[] numbers = scores.toFloats();
        int columns = Math.toIntExact(scores.extent(1));
        var rows = new double[2][columns];
        for (int i = 0; i < columns; i++) {
            rows[CLEAN][i] = numbers[i];
            rows[CORRUPT][i] = numbers[numbers.length - columns + i];
        }
        return rows;
    }

    private PatchScores grids(List<double[][]> scores, int run, int sign) {
        var residual = new ArrayList<double[]>();
        var attention = new ArrayList<double[]>();
        var mlp = new ArrayList<double[]>();
        var heads = new ArrayList<double[][]>();
        for (int i = 0; i < sites.size(); i++) {
            double[] row = signed(scores.get(i)[run], sign);
            Kind kind = sites.get(i).kind();
            switch (kind) {
                case RESIDUAL -> residual.add(row);
                case ATTENTION_OUTPUT -> attention.add(row);
                case MLP_OUTPUT -> mlp.add(row);
                case HEAD_OUTPUT -> heads.add(byHead(row));
                default -> throw new AssertionError("no grid for " + kind);
            }
        }
        return new PatchScores(
                residual.toArray(double[][]::new),
                attention.toArray(double[][]::new),
                mlp.toArray(double[][]::new),
                heads.toArray(double[][][]::new));
    }

    private static double[] signed(double[] row, int sign) {
        var signed = new double[row.length];
        for (int i = 0; i < row.length; i++) {
            signed[i] = row[i] == 0 ? 0 : sign * row[i]; // no difference is 0, not -0
        }
        return signed;
    }

    /** From position by head to head by position. */
    private double[][] byHead(double[] row) {
        int positions = question.tokens().size();
        int count = row.length / positions;
        var heads = new double[count][positions];
        for (int i = 0; i < row.length; i++) {
            heads[i % count][i / count] = row[i];
        }
        return heads;
    }

    private static Tensor row(Tensor both, int index) {
        return both.slice(0, index, index + 1);
    }
}
