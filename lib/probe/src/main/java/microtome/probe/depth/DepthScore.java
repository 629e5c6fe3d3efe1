package microtome.probe.depth;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import microtome.display.Cell;
import microtome.display.Column;
import microtome.display.Explanation;
import microtome.display.Figure;
import microtome.display.LineChart;
import microtome.display.Table;
import microtome.probe.data.Origin;
import microtome.probe.data.ProbeResult;
import microtome.probe.data.statistics.Bootstrap;
import microtome.probe.data.statistics.Correction;
import microtome.probe.data.statistics.MannWhitney;

/**
 * Where in the depth the effects of skipping lie: the mean of the block numbers, weighted by the mean effect of each on those
 * behind it. Groups of prompts, such as questions of two, three and four hops, are compared: a model that spends more depth on
 * harder prompts has a higher score there.
 *
 * @see <a href="https://arxiv.org/abs/2505.13898">Csordás et al. 2025, section 4</a>
 */
public final class DepthScore implements ProbeResult<List<DepthScore.Group>> {
    /**
     * The score of some prompts.
     *
     * @param name of the group, empty where prompts have none
     * @param score of the effects of all its trials as one, in blocks from 0; NaN where nothing has an effect
     * @param rowEffects for each skipped block the mean effect on those behind it; NaN for the last
     * @param byTrial the score of every trial alone
     * @param mean of those, with its interval
     */
    public record Group(String name, double score, double[] rowEffects, double[] byTrial, Bootstrap mean) {
        /** Keeps copies. */
        public Group {
            rowEffects = rowEffects.clone();
            byTrial = byTrial.clone();
        }

        @Override
        public double[] rowEffects() {
            return rowEffects.clone();
        }

        @Override
        public double[] byTrial() {
            return byTrial.clone();
        }

        /** The score divided by the number of the last block, to compare models: 0 first block, 1 last block. */
        public double normalised() {
            return share(score);
        }

        private double share(double blocks) {
            return blocks / (rowEffects.length - 1);
        }
    }

    /**
     * Whether the trials of two groups have different scores.
     *
     * @param test two-sided, of the scores of single trials
     * @param adjusted its p-value after Holm's correction for all comparisons
     */
    public record Comparison(String first, String second, MannWhitney test, double adjusted) {}

    private final SkipReach reach;
    private final SkipOptions options;
    private final List<Group> groups;
    private final List<Comparison> comparisons;
    private final String stopped;
    private final Origin origin;

    DepthScore(
            SkipReach reach,
            SkipOptions options,
            List<Group> groups,
            List<Comparison> comparisons,
            String stopped,
            Origin origin) {
        this.reach = reach;
        this.options = options;
        this.groups = List.copyOf(groups);
        this.comparisons = List.copyOf(comparisons);
        this.stopped = stopped;
        this.origin = origin;
    }

    /** The scores of the groups of an effect. */
    static DepthScore of(SkipEffect effect, String stopped, Origin origin) {
        List<String> names = effect.groups();
        List<Group> groups = names.stream()
                .distinct()
                .map(name -> group(
                        name,
                        effect.effects()
                                .of(IntStream.range(0, names.size())
                                        .filter(trial -> names.get(trial).equals(name))
                                        .boxed()
                                        .toList()),
                        effect.options()))
                .toList();
        return new DepthScore(effect.reach(), effect.options(), groups, comparisons(groups), stopped, origin);
    }

    private static Group group(String name, SkipEffects effects, SkipOptions options) {
        double[][] matrix = effects.matrix(options.aggregation());
        double[] byTrial = IntStream.range(0, effects.later().length)
                .mapToDouble(trial -> SkipEffects.score(effects.later()[trial]))
                .toArray();
        return new Group(
                name, SkipEffects.score(matrix), SkipEffects.rowEffects(matrix), byTrial, Bootstrap.ofMean(byTrial));
    }

    private static List<Comparison> comparisons(List<Group> groups) {
        var plain = new ArrayList<Comparison>();
        for (int first = 0; first < groups.size(); first++) {
            for (int second = first + 1; second < groups.size(); second++) {
                MannWhitney test = MannWhitney.of(groups.get(first).byTrial, groups.get(second).byTrial);
                plain.add(new Comparison(
                        groups.get(first).name(), groups.get(second).name(), test, test.p()));
            }
        }
        double[] adjusted = Correction.HOLM.adjust(
                plain.stream().mapToDouble(Comparison::adjusted).toArray());
        return IntStream.range(0, plain.size())
                .mapToObj(i -> new Comparison(
                        plain.get(i).first(),
                        plain.get(i).second(),
                        plain.get(i).test(),
                        adjusted[i]))
                .toList();
    }

    /** Every two groups with a test of their scores. */
    public List<Comparison> comparisons() {
        return comparisons;
    }

    /** The mean effect of each skipped block on those behind it, a line for each group. */
    @Override
    public Figure plot() {
        int blocks = groups.getFirst().rowEffects.length;
        LineChart chart = LineChart.over(
                IntStream.range(0, blocks).mapToObj(Integer::toString).toList());
        for (Group group : groups) {
            chart = chart.line(
                    "%s: %s".formatted(label(group.name()), DepthScores.number(group.score())), group.rowEffects);
        }
        return chart.axisTitles("skipped block", "mean effect on later blocks")
                .title("Depth score: %s, %s skipped%s"
                        .formatted(reach.label(), options.part().label(), stopped.isEmpty() ? "" : " (stopped early)"))
                .figure();
    }

    /** A row for each group. */
    @Override
    public Table table() {
        Table table = Table.of(
                        Column.text("group"),
                        Column.number("n", "%d"),
                        Column.number("score", "%.3f"),
                        Column.number("normalised", "%.3f"),
                        Column.number("mean of trials", "%.3f"),
                        Column.number("low", "%.3f"),
                        Column.number("high", "%.3f"))
                .rows(groups.stream().map(this::row).toList())
                .caption("Depth score in blocks from 0; normalised by the last block's number");
        for (Comparison each : comparisons) {
            table = table.note(DepthScores.sentence(label(each.first()), label(each.second()), each));
        }
        return stopped.isEmpty() ? table : table.note("not complete: " + stopped);
    }

    private List<Object> row(Group group) {
        String interval = group.mean().reason();
        return List.of(
                label(group.name()),
                group.byTrial.length,
                cell(group.score(), reason(group)),
                cell(group.normalised(), reason(group)),
                cell(group.mean().mean(), reason(group)),
                cell(group.mean().low(), interval),
                cell(group.mean().high(), interval));
    }

    private static String label(String group) {
        return group.isEmpty() ? "all prompts" : group;
    }

    private static Cell cell(double value, String reason) {
        return Double.isNaN(value) ? Cell.missing(reason) : Cell.of(value);
    }

    private String reason(Group group) {
        if (group.rowEffects.length < 2) {
            return "a model of one block has no later block";
        }
        return stopped.isEmpty() ? "no block has an effect on a later one" : stopped;
    }

    /** The scores. */
    @Override
    public List<Group> values() {
        return groups;
    }

    @Override
    public Explanation explain() {
        Explanation explanation = Explanation.of(
                        "depth score",
                        "d = sum over s of s e_s / sum over s of e_s, e_s the mean over later blocks k of the skip effect e[s][k]; normalised d / (L - 1)")
                .paper("https://arxiv.org/abs/2505.13898")
                .n(groups.stream().mapToInt(group -> group.byTrial.length).sum())
                .seed(groups.getFirst().mean().seed())
                .fact("effect", "%s, %s".formatted(reach.label(), options))
                .fact(
                        "intervals",
                        "%.0f %% of %d resampled means of the scores of single trials"
                                .formatted(
                                        100 * groups.getFirst().mean().level(),
                                        groups.getFirst().mean().resamples()));
        explanation = origin.on(explanation)
                .note(
                        "the score of a group takes its effects as one (%s over its trials); groups of unequal size differ by that alone if it is a maximum"
                                .formatted(options.aggregation().label()));
        for (Comparison each : comparisons) {
            explanation = explanation.note(DepthScores.sentence(label(each.first()), label(each.second()), each));
        }
        return stopped.isEmpty() ? explanation : explanation.note("not complete: " + stopped);
    }

    @Override
    public String toString() {
        return plainText();
    }
}
