package microtome.probe.update;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import microtome.display.InterruptedWorkException;
import microtome.display.Progress;
import microtome.model.Harvest;
import microtome.model.LanguageModel;
import microtome.model.Site;
import microtome.model.config.HeadRule;
import microtome.probe.data.Origin;
import microtome.probe.data.TokenLabels;
import microtome.probe.data.Vectors;
import microtome.tensor.Engine;
import microtome.tensor.Tensor;
import microtome.tensor.WaitInterruptedException;

/**
 * Replaces states by maps and runs the rest: document by document, block by block. The sequences of a batch are copies of one
 * document's stream behind the block, each with one token replaced, and one with all of them.
 */
final class PerturbationWork {
    /** Rows of one batch; more would not make products faster and takes memory. */
    private static final int ROWS = 2048;

    private final LanguageModel model;
    private final PerturbationOptions options;
    private final int firstPosition;
    private final TokenEffects single;
    private final TokenEffects whole;

    private PerturbationWork(FitSource source, PerturbationOptions options, int tokens) {
        this.model = source.model();
        this.options = options;
        this.firstPosition = source.options().keepFirst() ? 0 : 1;
        this.single =
                TokenEffects.none(options.blocks().size(), options.classes().size(), tokens);
        this.whole =
                TokenEffects.none(options.blocks().size(), options.classes().size(), tokens);
    }

    static OutputPerturbation run(
            FitSource source, List<FittedBlock> fitted, PerturbationOptions asked, Origin origin) {
        requireLogits(source.model());
        PerturbationOptions options = asked.filled(
                source.options().classes(),
                fitted.stream().map(FittedBlock::block).toList());
        List<ChosenDocument> documents = ChosenDocument.choose(source, options);
        if (documents.isEmpty()) {
            throw new IllegalArgumentException(
                    "no held-out document has a token to replace within its first %d; give longer documents"
                            .formatted(options.length()));
        }
        int tokens =
                documents.stream().mapToInt(each -> each.positions().size()).sum();
        var work = new PerturbationWork(source, options, tokens);
        String stopped = work.all(documents, chosen(fitted, options));
        return new OutputPerturbation(
                options, source.options().seed(), work.labels(documents), work.single, work.whole, stopped, origin);
    }

    private static void requireLogits(LanguageModel model) {
        if (model == null) {
            throw new IllegalArgumentException(
                    "these maps were fitted to states that were given; without a model there is no answer to perturb");
        }
        if (model.config().head() instanceof HeadRule.None) {
            throw new IllegalArgumentException(
                    "model %s is an encoder and has no logits, so there is no answer to perturb; structure() works on it"
                            .formatted(model.card().name()));
        }
    }

    private static List<FittedBlock> chosen(List<FittedBlock> fitted, PerturbationOptions options) {
        return fitted.stream()
                .filter(block -> options.blocks().contains(block.block()))
                .toList();
    }

    private List<String> labels(List<ChosenDocument> documents) {
        return documents.stream()
                .flatMap(document -> document.positions().stream()
                        .map(position -> "%s (document %d, position %d)"
                                .formatted(
                                        TokenLabels.of(
                                                document.tokens().tokens().get(position)),
                                        document.number(),
                                        position)))
                .toList();
    }

    /** Fills everything; says why it stopped, or nothing if it did not. */
    private String all(List<ChosenDocument> documents, List<FittedBlock> blocks) {
        int first = 0;
        int done = 0;
        try (var progress =
                Progress.of("replacing updates (documents x blocks)", (long) documents.size() * blocks.size())) {
            for (ChosenDocument document : documents) {
                document(document, blocks, first, progress);
                first += document.positions().size();
                done++;
            }
        } catch (InterruptedWorkException | WaitInterruptedException _) {
            Thread.interrupted(); // heard: what is done is handed on
            return "stopped in document %d of %d".formatted(done + 1, documents.size());
        }
        return "";
    }

    private void document(ChosenDocument document, List<FittedBlock> blocks, int first, Progress progress) {
        Engine engine = model.engine();
        Site last = Site.residual(model.config().blocks());
        List<Site> sites = IntStream.rangeClosed(0, model.config().blocks())
                .mapToObj(Site::residual)
                .toList();
        int positions = document.tokens().size();
        try (var scope = engine.openScope()) {
            var run = new Harvest(scope, sites);
            model.run(List.of(document.tokens()), run);
            Tensor stream = run.get(last).reshape(positions, model.config().width());
            var original =
                    Answers.read(model, stream, IntStream.range(0, positions).toArray());
            for (int index = 0; index < blocks.size(); index++) {
                FittedBlock block = blocks.get(index);
                float[] before = run.get(Site.residual(block.block())).toFloats();
                float[] after = run.get(Site.residual(block.block() + 1)).toFloats();
                for (int kind = 0; kind < options.classes().size(); kind++) {
                    replace(new Cell(document, block, index, kind, first), before, after, original);
                }
                progress.step();
            }
        }
    }

    /** One block, one class and one document; {@code first} is the place of its first token among all. */
    private record Cell(ChosenDocument document, FittedBlock block, int index, int kind, int first) {
        int positions() {
            return document.tokens().size();
        }
    }

    private void replace(Cell cell, float[] before, float[] after, Answers original) {
        UpdateClass kind = options.classes().get(cell.kind());
        UpdateMap map = cell.block().maps().stream()
                .filter(fitted -> fitted.kind().equals(kind))
                .findFirst()
                .orElseThrow()
                .map();
        if (map == null) {
            return;
        }
        int width = model.config().width();
        double[][] tokenwise = map.updates(model.engine(), before);
        var mapped = new float[before.length];
        for (int i = 0; i < mapped.length; i++) {
            mapped[i] = (float) (before[i] + tokenwise[i / width][i % width]);
        }
        errors(cell, before, after, tokenwise);
        var copies = new ArrayList<boolean[]>();
        for (int position : cell.document().positions()) {
            var replaced = new boolean[cell.positions()];
            replaced[position] = true;
            copies.add(replaced);
        }
        var everything = new boolean[cell.positions()];
        Arrays.fill(everything, firstPosition, everything.length, true);
        copies.add(everything);
        run(cell, copies, mapped, after, original);
    }

    private void errors(Cell cell, float[] before, float[] after, double[][] tokenwise) {
        int width = model.config().width();
        for (int i = 0; i < cell.document().positions().size(); i++) {
            int position = cell.document().positions().get(i);
            double[] update = Rows.row(after, position, width);
            UpdateMap.add(-1, Rows.row(before, position, width), update);
            double size = Vectors.norm(update);
            UpdateMap.add(-1, tokenwise[position], update);
            double error = Vectors.norm(update);
            double relative = size < Vectors.SHORTEST ? Double.NaN : error / size;
            for (TokenEffects effects : List.of(single, whole)) {
                effects.error()[cell.index()][cell.kind()][cell.first() + i] = error;
                effects.relative()[cell.index()][cell.kind()][cell.first() + i] = relative;
            }
        }
    }

    private void run(Cell cell, List<boolean[]> copies, float[] mapped, float[] after, Answers original) {
        int batch = Math.max(1, ROWS / cell.positions());
        for (int from = 0; from < copies.size(); from += batch) {
            List<boolean[]> part = copies.subList(from, Math.min(copies.size(), from + batch));
            run(cell, part, from, streams(part, mapped, after), original);
        }
    }

    private float[] streams(List<boolean[]> copies, float[] mapped, float[] after) {
        int width = model.config().width();
        var streams = new float[copies.size() * after.length];
        for (int copy = 0; copy < copies.size(); copy++) {
            System.arraycopy(after, 0, streams, copy * after.length, after.length);
            boolean[] replaced = copies.get(copy);
            for (int position = 0; position < replaced.length; position++) {
                if (replaced[position]) {
                    System.arraycopy(mapped, position * width, streams, copy * after.length + position * width, width);
                }
            }
        }
        return streams;
    }

    /** Runs the rest for some copies, {@code from} on of all, and reads their answers. */
    private void run(Cell cell, List<boolean[]> copies, int from, float[] streams, Answers original) {
        int width = model.config().width();
        int positions = cell.positions();
        Site last = Site.residual(model.config().blocks());
        try (var scope = model.engine().openScope()) {
            var rest = new Harvest(scope, List.of(last));
            Tensor stream = model.engine().tensor(streams, copies.size(), positions, width);
            model.runFrom(cell.block().block() + 1, stream, rest);
            Tensor rows = rest.get(last).reshape((long) copies.size() * positions, width);
            List<Reading> readings = IntStream.range(0, copies.size())
                    .boxed()
                    .flatMap(copy -> readings(cell, copy, from + copy).stream())
                    .toList();
            var changes = new ArrayList<Answers.Change>();
            for (int begin = 0; begin < readings.size(); begin += Answers.MOST) {
                List<Reading> part = readings.subList(begin, Math.min(readings.size(), begin + Answers.MOST));
                changes.addAll(changes(part, rows, original));
            }
            write(cell, readings, changes);
        }
    }

    /**
     * One answer to read.
     *
     * @param row of the batch
     * @param position of the document
     * @param token its place among all chosen tokens
     * @param share in the mean of this token
     */
    private record Reading(int row, int position, boolean isWhole, int token, double share) {}

    /** What is read of a copy: the answer at its replaced token, or at each of them where all are replaced. */
    private List<Reading> readings(Cell cell, int copy, int number) {
        List<Integer> chosen = cell.document().positions();
        boolean isWhole = number == chosen.size();
        var readings = new ArrayList<Reading>();
        for (int i = isWhole ? 0 : number; i <= Math.min(number, chosen.size() - 1); i++) {
            int position = chosen.get(i);
            int end = options.later() ? cell.positions() : position + 1;
            for (int at = position; at < end; at++) {
                readings.add(new Reading(
                        copy * cell.positions() + at, at, isWhole, cell.first() + i, 1.0 / (end - position)));
            }
        }
        return readings;
    }

    private List<Answers.Change> changes(List<Reading> readings, Tensor rows, Answers original) {
        Answers answers = Answers.read(
                model, rows, readings.stream().mapToInt(Reading::row).toArray());
        return IntStream.range(0, readings.size())
                .mapToObj(i -> original.change(readings.get(i).position(), answers, i))
                .toList();
    }

    /** All at once, so that an interrupt leaves no half of a mean. */
    private void write(Cell cell, List<Reading> readings, List<Answers.Change> changes) {
        for (int i = 0; i < readings.size(); i++) {
            Reading reading = readings.get(i);
            TokenEffects effects = reading.isWhole() ? whole : single;
            add(
                    effects.divergence()[cell.index()][cell.kind()],
                    reading,
                    changes.get(i).divergence());
            add(
                    effects.distance()[cell.index()][cell.kind()],
                    reading,
                    changes.get(i).distance());
        }
    }

    private static void add(double[] means, Reading reading, double value) {
        double before = Double.isNaN(means[reading.token()]) ? 0 : means[reading.token()];
        means[reading.token()] = before + reading.share() * value;
    }
}
