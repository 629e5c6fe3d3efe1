package microtome.probe.attribution;

import java.util.ArrayList;
import java.util.List;
import microtome.model.Site;
import microtome.model.Site.Kind;
import microtome.model.Tap;
import microtome.tensor.Engine;
import microtome.tensor.Scope;
import microtome.tensor.Tape;
import microtome.tensor.Tensor;

/**
 * One pass that takes, at one position, what every part adds to the stream. How far a head's part goes along a direction is
 * asked of a tape that is open from the heads to what attention adds, with the denominators of norms in between held; it
 * records one product and forgets it.
 */
final class DirectReading implements Tap, AutoCloseable {
    private final Question question;
    private final Readout readout;
    private final Scope scope;
    private final Tensor upstream;
    private final List<Tensor> learned = new ArrayList<>(); // one row, or none
    private final List<Tensor> stream = new ArrayList<>(); // one row per depth
    private final List<Tensor> attention = new ArrayList<>(); // one row per block
    private final List<Tensor> mlp = new ArrayList<>();
    private final List<Tensor> mixed = new ArrayList<>(); // what the heads of a block mixed
    private final List<Tensor> pulls = new ArrayList<>(); // and the direction, seen from there
    private Tensor scale;
    private Tensor heads;
    private Tape tape;

    private DirectReading(Question question, Readout readout, Scope scope) {
        this.question = question;
        this.readout = readout;
        this.scope = scope;
        this.upstream = readout.on(question.model().engine());
    }

    /** Runs the prompt once. */
    static DirectAttribution.Values read(Question question) {
        Readout readout = Readout.of(question.model(), question.metric());
        Engine engine = question.model().engine();
        try (var scope = engine.openScope();
                var reading = new DirectReading(question, readout, scope)) {
            question.run(List.of(question.tokens()), reading);
            return reading.values();
        }
    }

    @Override
    public boolean wants(Site site) {
        return switch (site.kind()) {
            case POSITION_EMBEDDING, RESIDUAL, HEAD_OUTPUT, ATTENTION_OUTPUT, MLP_OUTPUT, FINAL_NORM_SCALE -> true;
            default -> isHeld(site.kind());
        };
    }

    @Override
    public Tensor at(Site site, Tensor value) {
        switch (site.kind()) {
            case POSITION_EMBEDDING -> learned.add(here(value));
            case RESIDUAL -> stream.add(here(value));
            case HEAD_OUTPUT -> begin(value);
            case ATTENTION_OUTPUT -> end(value);
            case MLP_OUTPUT -> mlp.add(here(value));
            case FINAL_NORM_SCALE -> scale = here(value);
            default -> {
                return value.stopGradient();
            }
        }
        return value;
    }

    /** A denominator between the heads and what attention adds: it is part of the split, but not on its path. */
    private static boolean isHeld(Kind kind) {
        return kind.compareTo(Kind.HEAD_OUTPUT) > 0
                && kind.compareTo(Kind.ATTENTION_OUTPUT) < 0
                && kind.name().endsWith("_SCALE");
    }

    private void begin(Tensor value) {
        mixed.add(here(value));
        heads = value;
        tape = question.model().engine().record();
    }

    private void end(Tensor value) {
        Tensor row = value.slice(1, question.position(), question.position() + 1);
        Tensor pull =
                tape.gradients(List.of(row), List.of(upstream), List.of(heads)).getFirst();
        close();
        attention.add(scope.adopt(row));
        pulls.add(here(pull));
    }

    private Tensor here(Tensor value) {
        return scope.adopt(value.slice(1, question.position(), question.position() + 1));
    }

    /** Closes the tape, if a pass ended inside a block. */
    @Override
    public void close() {
        if (tape != null) {
            tape.close();
            tape = null;
        }
    }

    private DirectAttribution.Values values() {
        double denominator = scale.toFloats()[0];
        double[] depths = along(stream, denominator);
        double[] attentions = along(attention, denominator);
        double[][] byHead = byHead(denominator);
        var biases = new double[attentions.length];
        for (int block = 0; block < biases.length; block++) {
            biases[block] = attentions[block];
            for (double head : byHead[block]) {
                biases[block] -= head;
            }
        }
        var accumulated = new double[depths.length];
        for (int depth = 0; depth < depths.length; depth++) {
            accumulated[depth] = depths[depth] + readout.constant();
        }
        Tensor own = question.metric().of(question.model().unembed(stream.getLast()));
        double ofPosition = learned.isEmpty() ? 0 : along(learned, denominator)[0];
        return new DirectAttribution.Values(
                depths[0] - ofPosition,
                ofPosition,
                attentions,
                byHead,
                biases,
                along(mlp, denominator),
                readout.constant(),
                accumulated,
                own.toFloats()[0]);
    }

    /** For every row its part of the metric. */
    private double[] along(List<Tensor> rows, double denominator) {
        float[] numbers = Tensor.concat(1, rows).toFloats();
        var parts = new double[rows.size()];
        for (int row = 0; row < parts.length; row++) {
            parts[row] = readout.along(numbers, row * readout.direction().length) / denominator;
        }
        return parts;
    }

    /** {@code [blocks, heads]}. */
    private double[][] byHead(double denominator) {
        int count = Math.toIntExact(mixed.getFirst().extent(2));
        int width = Math.toIntExact(mixed.getFirst().extent(3));
        float[] values = Tensor.concat(1, mixed).toFloats();
        float[] directions = Tensor.concat(1, pulls).toFloats();
        var parts = new double[mixed.size()][count];
        for (int i = 0; i < values.length; i++) {
            int head = i / width;
            parts[head / count][head % count] += (double) values[i] * directions[i] / denominator;
        }
        return parts;
    }
}
