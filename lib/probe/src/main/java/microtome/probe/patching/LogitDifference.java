package microtome.probe.patching;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import microtome.display.BarChart;
import microtome.display.Column;
import microtome.display.Explanation;
import microtome.display.Figure;
import microtome.display.Table;
import microtome.model.LanguageModel;
import microtome.model.Site;
import microtome.model.edit.Planned;
import microtome.model.edit.RunPlan;
import microtome.probe.data.ProbeResult;
import microtome.probe.data.Provenance;

/** How much one next token is preferred to another, in one run or in several side by side. */
public final class LogitDifference implements ProbeResult<LogitDifference.Values> {
    private static final String PLAIN = "without edits";

    /**
     * The numbers of every run, the first one first.
     *
     * @param first logits of the first token
     * @param second logits of the second token
     * @param difference {@code first - second}
     */
    public record Values(double[] first, double[] second, double[] difference) {}

    private record Reading(Provenance run, double first, double second) {
        String label() {
            return run.edits().isEmpty() ? PLAIN : String.join("; ", run.edits());
        }

        double difference() {
            return first - second;
        }
    }

    private final Answer first;
    private final Answer second;
    private final List<Reading> readings;

    private LogitDifference(Answer first, Answer second, List<Reading> readings) {
        this.first = first;
        this.second = second;
        this.readings = List.copyOf(readings);
    }

    /**
     * Runs a prompt and reads the logits of two tokens after its last one.
     *
     * @param first such as {@code " Paris"}
     * @param second such as {@code " Rome"}
     * @throws IllegalArgumentException if a text is not exactly one token; the message shows its tokens
     */
    public static LogitDifference of(RunPlan run, String first, String second) {
        LanguageModel model = run.model();
        return of(run, Answer.of(model, first), Answer.of(model, second));
    }

    /** As {@link #of(RunPlan, String, String)}, for tokens by their ids. */
    public static LogitDifference of(RunPlan run, int first, int second) {
        LanguageModel model = run.model();
        return of(run, Answer.of(model, first), Answer.of(model, second));
    }

    private static LogitDifference of(RunPlan run, Answer first, Answer second) {
        return new LogitDifference(first, second, List.of(reading(run, first, second)));
    }

    private static Reading reading(RunPlan run, Answer first, Answer second) {
        Site.logits().checkedFor(run.model().config());
        return NextLogits.read(run, logits -> {
            float left = logits.slice(1, first.id(), first.id() + 1L).toFloats()[0];
            float right = logits.slice(1, second.id(), second.id() + 1L).toFloats()[0];
            return new Reading(Provenance.of(run), left, right);
        });
    }

    /** Runs another run too and puts its numbers beside these. */
    public LogitDifference compareTo(Planned other) {
        RunPlan run = other.plan();
        var all = new ArrayList<>(readings);
        all.add(reading(run, Answer.of(run.model(), first.id()), Answer.of(run.model(), second.id())));
        return new LogitDifference(first, second, all);
    }

    /** {@code first - second} of the first run. */
    public double difference() {
        return readings.getFirst().difference();
    }

    /** The difference in every run. */
    @Override
    public Figure plot() {
        return BarChart.over(readings.stream().map(Reading::label).toList())
                .bars(formula(), values().difference())
                .axisTitles("run", formula())
                .title("Logit difference after the last token")
                .horizontal()
                .figure();
    }

    /** One row for each run: both logits, their difference, and how far the first run is from it. */
    @Override
    public Table table() {
        var columns = new ArrayList<>(List.of(
                Column.text("run"),
                Column.number("logit " + first, "%.4f"),
                Column.number("logit " + second, "%.4f"),
                Column.number("difference", "%.4f")));
        if (readings.size() > 1) {
            columns.add(Column.number("first run - this", "%+.4f"));
        }
        return Table.of(columns.toArray(Column[]::new))
                .rows(readings.stream().map(this::row).toList())
                .caption("Logit difference after "
                        + readings.getFirst().run().labels().getLast());
    }

    private List<Object> row(Reading reading) {
        var row = new ArrayList<Object>(
                List.of(reading.label(), reading.first(), reading.second(), reading.difference()));
        if (readings.size() > 1) {
            row.add(difference() - reading.difference());
        }
        return row;
    }

    @Override
    public Values values() {
        return new Values(
                readings.stream().mapToDouble(Reading::first).toArray(),
                readings.stream().mapToDouble(Reading::second).toArray(),
                readings.stream().mapToDouble(Reading::difference).toArray());
    }

    @Override
    public Explanation explain() {
        Explanation explanation = readings.getFirst()
                .run()
                .on(Explanation.of("logit difference", formula() + ", after the last token")
                        .n(readings.size()));
        for (int i : IntStream.range(1, readings.size()).toArray()) {
            Reading reading = readings.get(i);
            explanation = Facts.labelled(
                    explanation,
                    "run " + (i + 1),
                    "%s: %s".formatted(String.join(" ", reading.run().labels()), reading.label()));
        }
        return explanation;
    }

    private String formula() {
        return "logit(%s) - logit(%s)".formatted(first, second);
    }

    @Override
    public String toString() {
        return plainText();
    }
}
