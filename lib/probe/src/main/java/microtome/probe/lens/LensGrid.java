package microtome.probe.lens;

import java.util.List;
import java.util.stream.IntStream;
import microtome.display.Explanation;
import microtome.display.HeatMap;
import microtome.model.edit.RunPlan;
import microtome.probe.data.Depths;
import microtome.probe.data.Provenance;

/**
 * The frame that every lens result hangs in: depths of the stream by the positions that were read.
 *
 * @param depths number of depths, the embedding output included
 * @param first the first position that was read
 */
record LensGrid(Provenance provenance, int depths, int first) {
    private static final String PAPER = "https://arxiv.org/abs/2303.08112";

    /** The frame of a run. */
    static LensGrid of(RunPlan run, LensPositions positions) {
        return new LensGrid(
                Provenance.of(run),
                LensReading.depths(run.model()),
                positions.first(run.tokens().size()));
    }

    /** Positions that were read. */
    int columns() {
        return provenance.positions() - first;
    }

    List<String> depthLabels() {
        return Depths.labels(0, depths - 1);
    }

    List<String> columnLabels() {
        return provenance.labels().subList(first, provenance.positions());
    }

    /** The column of a position, or an error that says which positions were read. */
    int column(int position) {
        if (position < first || position >= provenance.positions()) {
            throw new IllegalArgumentException("position %d: the lens read positions %d..%d of %d%s"
                    .formatted(
                            position,
                            first,
                            provenance.positions() - 1,
                            provenance.positions(),
                            position >= 0 && position < first ? "; read all with positions(LensPositions.ALL)" : ""));
        }
        return position - first;
    }

    int last() {
        return provenance.positions() - 1;
    }

    /** A heat map of {@code [depths, columns]}, the embedding at the bottom. */
    HeatMap map(double[][] values) {
        return HeatMap.of(values)
                .rowLabels(depthLabels())
                .columnLabels(columnLabels())
                .axisTitles("depth", "token")
                .firstRowAtBottom();
    }

    /** Where a position stands in words, such as {@code after ␣is (position 4)}. */
    String after(int position) {
        return "after %s (position %d)".formatted(provenance.label(position), position);
    }

    Explanation explanation(String name, String formula) {
        return provenance
                .on(Explanation.of(name, formula).n((long) depths * columns()))
                .paper(PAPER)
                .note(
                        "first described by nostalgebraist (2020), \"interpreting GPT: the logit lens\"; see section 2 of the paper")
                .note(
                        "depth emb is the embedding output, l what stands after l blocks; the last depth gives the model's own logits");
    }

    String[][] text(CellText text) {
        return IntStream.range(0, depths)
                .mapToObj(depth -> IntStream.range(0, columns())
                        .mapToObj(column -> text.at(depth, column))
                        .toArray(String[]::new))
                .toArray(String[][]::new);
    }

    double[][] numbers(CellNumber number) {
        return IntStream.range(0, depths)
                .mapToObj(depth -> IntStream.range(0, columns())
                        .mapToDouble(column -> number.at(depth, column))
                        .toArray())
                .toArray(double[][]::new);
    }

    @FunctionalInterface
    interface CellText {
        String at(int depth, int column);
    }

    @FunctionalInterface
    interface CellNumber {
        double at(int depth, int column);
    }
}
