package microtome.probe.dimension;

import java.util.List;
import microtome.display.Column;
import microtome.display.Explanation;
import microtome.display.Figure;
import microtome.display.Table;
import microtome.probe.data.ProbeResult;

/** Over how many principal components the variance of each layer's states is spread, by four measures of {@link Spectrum}. */
public final class EffectiveRank implements ProbeResult<EffectiveRank.Values> {
    /**
     * One number for each layer, NaN where states do not vary.
     *
     * @param participationRatio {@code 1 / sum p²}
     * @param ofVariances {@code exp(-sum p ln p)}
     * @param ofSingularValues the same with shares of the singular values
     * @param stableRank {@code 1 / p_1}
     * @param bound {@code min(n - 1, width)}, which none can pass
     */
    public record Values(
            double[] participationRatio,
            double[] ofVariances,
            double[] ofSingularValues,
            double[] stableRank,
            double[] bound) {}

    private final Measured measured;

    EffectiveRank(Measured measured) {
        this.measured = measured;
    }

    @Override
    public Figure plot() {
        Values values = values();
        return measured.chart("Effective ranks", "dimensions")
                .line("effective rank of singular values (Roy and Vetterli)", values.ofSingularValues())
                .line("effective rank of variances", values.ofVariances())
                .line("participation ratio", values.participationRatio())
                .line("stable rank", values.stableRank())
                .baseline("min(n - 1, width)", values.bound())
                .logarithmic()
                .figure();
    }

    @Override
    public Table table() {
        return Table.of(
                        Column.text("layer"),
                        Column.number("n"),
                        Column.number("bound"),
                        Column.number("participation ratio"),
                        Column.number("effective rank, variances"),
                        Column.number("effective rank, singular values"),
                        Column.number("stable rank"))
                .rows(measured.layers().stream().map(EffectiveRank::row).toList())
                .caption("Effective ranks, " + measured.origin().inputs());
    }

    private static List<Object> row(LayerDimension layer) {
        Spectrum spectrum = layer.spectrum();
        return List.of(
                layer.layer(),
                spectrum.n(),
                spectrum.bound(),
                Measured.ofSpectrum(spectrum.participationRatio()),
                Measured.ofSpectrum(spectrum.effectiveRankOfVariances()),
                Measured.ofSpectrum(spectrum.effectiveRankOfSingularValues()),
                Measured.ofSpectrum(spectrum.stableRank()));
    }

    @Override
    public Values values() {
        return new Values(
                measured.each(layer -> layer.spectrum().participationRatio()),
                measured.each(layer -> layer.spectrum().effectiveRankOfVariances()),
                measured.each(layer -> layer.spectrum().effectiveRankOfSingularValues()),
                measured.each(layer -> layer.spectrum().stableRank()),
                measured.bounds());
    }

    @Override
    public Explanation explain() {
        return measured.on(
                Explanation.of(
                                "effective rank",
                                "p = variance of a principal component over all variance; participation ratio: 1 / sum p²; effective rank of variances: exp(-sum p ln p); of singular values (Roy and Vetterli): the same with shares of √variance; stable rank: 1 / p_1")
                        .paper("https://www.eurasip.org/Proceedings/Eusipco/Eusipco2007/Papers/a5p-h05.pdf")
                        .note(
                                "the two effective ranks differ by a factor of two to three; none passes min(n - 1, width)"),
                layer -> layer.spectrum().isFlat() ? LayerDimension.FLAT : "");
    }

    @Override
    public String toString() {
        return plainText();
    }
}
