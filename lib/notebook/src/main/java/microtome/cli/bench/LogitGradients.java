package microtome.cli.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import microtome.model.Harvest;
import microtome.model.LanguageModel;
import microtome.model.Site;
import microtome.model.token.TokenSequence;
import microtome.tensor.Scope;
import microtome.tensor.Tape;
import microtome.tensor.Tensor;

/** Our gradients of logit differences at the last position with respect to the residual stream at every depth. */
final class LogitGradients {
    /** Which logits the forward pass computes. */
    enum Logits {
        LAST("logits of the last position"),
        ALL("logits of every position");

        private final String text;

        Logits(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }
    }

    /** Seconds forwards and backwards. */
    record Pass(double forward, double backward) {
        double both() {
            return forward + backward;
        }
    }

    private final LanguageModel model;
    private final int[] ids;
    private final int[] answers;

    LogitGradients(LanguageModel model, int[] ids, int[] answers) {
        this.model = model;
        this.ids = ids.clone();
        this.answers = answers.clone();
    }

    LanguageModel model() {
        return model;
    }

    int[] ids() {
        return ids.clone();
    }

    /** Runs both ways once. */
    Pass take(Logits logits) {
        try (var scope = model.engine().openScope();
                var tape = model.engine().record()) {
            long began = System.nanoTime();
            var stored = forward(scope, logits);
            model.engine().synchronize();
            long turned = System.nanoTime();
            tape.gradients(stored.difference(), stored.residuals());
            model.engine().synchronize();
            return new Pass((turned - began) / 1e9, (System.nanoTime() - turned) / 1e9);
        }
    }

    /** The gradients, by depth. */
    List<float[]> values(Logits logits) {
        try (var scope = model.engine().openScope();
                var tape = model.engine().record()) {
            var stored = forward(scope, logits);
            return tape.gradients(stored.difference(), stored.residuals()).stream()
                    .map(Tensor::toFloats)
                    .toList();
        }
    }

    /** Seconds that several gradients at once take over a stored pass. */
    double takeBatch(int count) {
        try (var scope = model.engine().openScope();
                var tape = model.engine().record()) {
            var stored = forward(scope, Logits.LAST);
            return seconds(() -> batch(tape, stored, count));
        }
    }

    /** Seconds that the same gradients take one after another. */
    double takeOneByOne(int count) {
        try (var scope = model.engine().openScope();
                var tape = model.engine().record()) {
            var stored = forward(scope, Logits.LAST);
            return seconds(() -> oneByOne(tape, stored, count));
        }
    }

    /** For every depth the gradients of all differences, batched and one by one. */
    List<List<float[]>> bothWays(int count) {
        try (var scope = model.engine().openScope();
                var tape = model.engine().record()) {
            var stored = forward(scope, Logits.LAST);
            var batch = batch(tape, stored, count);
            var single = oneByOne(tape, stored, count);
            var both = new ArrayList<List<float[]>>();
            for (int depth = 0; depth < batch.size(); depth++) {
                int at = depth;
                var alone = Tensor.concat(
                        0, single.stream().map(each -> each.get(at)).toList());
                both.add(List.of(batch.get(depth).toFloats(), alone.toFloats()));
            }
            return both;
        }
    }

    private double seconds(Runnable act) {
        model.engine().synchronize();
        long began = System.nanoTime();
        act.run();
        model.engine().synchronize();
        return (System.nanoTime() - began) / 1e9;
    }

    private List<Tensor> batch(Tape tape, Stored stored, int count) {
        var upstreams = model.engine().tensor(differences(count), count, 1, 1, vocabulary());
        return tape.gradientsOfBatch(List.of(stored.logits()), List.of(upstreams), stored.residuals());
    }

    private List<List<Tensor>> oneByOne(Tape tape, Stored stored, int count) {
        float[] all = differences(count);
        var gradients = new ArrayList<List<Tensor>>();
        for (int i = 0; i < count; i++) {
            int vocabulary = vocabulary();
            var one = Arrays.copyOfRange(all, i * vocabulary, (i + 1) * vocabulary);
            var upstream = model.engine().tensor(one, 1, 1, vocabulary);
            gradients.add(tape.gradients(List.of(stored.logits()), List.of(upstream), stored.residuals()));
        }
        return gradients;
    }

    /** One row for the first answer against each of some other tokens: 1 at the one, -1 at the other. */
    private float[] differences(int count) {
        int vocabulary = vocabulary();
        var rows = new float[count * vocabulary];
        for (int i = 0; i < count; i++) {
            rows[i * vocabulary + answers[0]] = 1;
            rows[i * vocabulary + answers[1] + i] = -1;
        }
        return rows;
    }

    private int vocabulary() {
        return model.config().vocabulary();
    }

    /** The stream at every depth, the logits of the last position, and the scalar. */
    private record Stored(List<Tensor> residuals, Tensor logits, Tensor difference) {}

    private Stored forward(Scope scope, Logits wanted) {
        var sites = new ArrayList<Site>(IntStream.rangeClosed(0, model.config().blocks())
                .mapToObj(Site::residual)
                .toList());
        if (wanted == Logits.ALL) {
            sites.add(Site.logits());
        }
        var harvest = new Harvest(scope, sites);
        model.run(List.of(TokenSequence.ofIds(ids)), harvest);
        var residuals = IntStream.rangeClosed(0, model.config().blocks())
                .mapToObj(depth -> harvest.get(Site.residual(depth)))
                .toList();
        int last = ids.length - 1;
        var row = wanted == Logits.ALL
                ? harvest.get(Site.logits()).slice(1, last, last + 1)
                : model.unembed(residuals.getLast().slice(1, last, last + 1));
        return new Stored(residuals, row, at(row, answers[0]).minus(at(row, answers[1])));
    }

    private static Tensor at(Tensor row, int token) {
        return row.slice(2, token, token + 1);
    }
}
