package microtome.probe.dimension;

import java.util.ArrayList;
import java.util.List;
import microtome.display.Column;
import microtome.display.Explanation;
import microtome.display.Figure;
import microtome.display.Table;
import microtome.probe.data.ProbeResult;

/**
 * The dimension of the sheet that sampled states of each layer lie on, by distances to their nearest neighbours: {@link TwoNN}
 * and {@link LevinaBickel}. Both fall below the truth where it is large and states are few.
 */
public final class IntrinsicDimension implements ProbeResult<IntrinsicDimension.Values> {
    /**
     * The estimates, one for each layer, NaN where there is none.
     *
     * @param fit {@link TwoNN#fit}
     * @param ml {@link TwoNN#ml}
     * @param neighbours for which there is a row of {@code likeliest}
     * @param likeliest {@link LevinaBickel#dimension}, {@code [neighbours][layers]}
     */
    public record Values(double[] fit, double[] ml, List<Integer> neighbours, double[][] likeliest) {}

    private final Measured measured;

    IntrinsicDimension(Measured measured) {
        this.measured = measured;
    }

    @Override
    public Figure plot() {
        Values values = values();
        var chart = measured.chart("Intrinsic dimension", "dimensions")
                .line("TwoNN, fit", values.fit())
                .line("TwoNN, ml", values.ml());
        for (int index = 0; index < values.neighbours().size(); index++) {
            chart = chart.line("MLE, k = " + values.neighbours().get(index), values.likeliest()[index]);
        }
        return chart.figure();
    }

    @Override
    public Table table() {
        var columns = new ArrayList<>(List.of(
                Column.text("layer"),
                Column.number("states"),
                Column.number("different"),
                Column.number("TwoNN fit"),
                Column.number("TwoNN ml")));
        measured.options().neighbours().forEach(k -> columns.add(Column.number("MLE k = " + k)));
        return Table.of(columns.toArray(Column[]::new))
                .rows(measured.layers().stream().map(this::row).toList())
                .caption("Intrinsic dimension, " + measured.origin().inputs());
    }

    private List<Object> row(LayerDimension layer) {
        Neighbours near = layer.neighbours();
        var row = new ArrayList<Object>(List.of(
                layer.layer(),
                near.sampled(),
                near.distinct(),
                Measured.cell(near.fit(), near.reason()),
                Measured.cell(near.ml(), near.reason())));
        for (int index = 0; index < near.likeliest().size(); index++) {
            row.add(measured.ofNeighbours(layer, index));
        }
        return row;
    }

    @Override
    public Values values() {
        List<Integer> neighbours = measured.options().neighbours();
        var likeliest = new double[neighbours.size()][];
        for (int index = 0; index < likeliest.length; index++) {
            int at = index;
            likeliest[index] =
                    measured.each(layer -> layer.neighbours().likeliest().get(at));
        }
        return new Values(
                measured.each(layer -> layer.neighbours().fit()),
                measured.each(layer -> layer.neighbours().ml()),
                neighbours,
                likeliest);
    }

    @Override
    public Explanation explain() {
        return measured.on(
                measured.sampled(Explanation.of(
                                        "intrinsic dimension",
                                        "mu = r2/r1, the distances to the two nearest others. TwoNN fit: slope through 0 of -ln(1 - i/N) over the rising ln mu_i, i up to 0.9 N; TwoNN ml: (N - 1) / sum ln mu; MLE: 1 / mean of 1/(k-1) sum over j < k of ln(T_k/T_j)")
                                .paper("https://arxiv.org/abs/1803.06992"))
                        .note("of states that are equal in every bit one counts: their distance 0 has no ratio")
                        .note(
                                "one word in alike surroundings makes states very near each other, which lowers estimates from the nearest; scales() shows whether more neighbours or fewer states say another thing"),
                layer -> Double.isNaN(layer.neighbours().fit())
                        ? layer.neighbours().reason()
                        : "");
    }

    @Override
    public String toString() {
        return plainText();
    }
}
