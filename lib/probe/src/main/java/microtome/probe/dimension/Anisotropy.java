package microtome.probe.dimension;

import java.util.List;
import microtome.display.Column;
import microtome.display.Explanation;
import microtome.display.Figure;
import microtome.display.Table;
import microtome.probe.data.ProbeResult;

/** How much the states of each layer point the same way, before and after their mean is taken away. */
public final class Anisotropy implements ProbeResult<Anisotropy.Values> {
    /**
     * One number for each layer, NaN where there is none.
     *
     * @param meanCosine over all pairs of states
     * @param centred the same with the mean of the sample taken away: about 0 by construction
     * @param topShare share of the first principal component in all variance
     */
    public record Values(double[] meanCosine, double[] centred, double[] topShare) {}

    private final Measured measured;

    Anisotropy(Measured measured) {
        this.measured = measured;
    }

    @Override
    public Figure plot() {
        Values values = values();
        return measured.chart("Anisotropy", "cosine, share")
                .line("mean cosine", values.meanCosine())
                .line("mean cosine, mean taken away", values.centred())
                .line("share of the first component", values.topShare())
                .baseline("no common direction", new double[values.meanCosine().length])
                .figure();
    }

    @Override
    public Table table() {
        return Table.of(
                        Column.text("layer"),
                        Column.number("n"),
                        Column.number("left out"),
                        Column.number("mean cosine", "%.4f"),
                        Column.number("n of sample"),
                        Column.number("mean cosine, centred", "%.4f"),
                        Column.number("share of first component", "%.4f"))
                .rows(measured.layers().stream().map(Anisotropy::row).toList())
                .caption("Anisotropy, " + measured.origin().inputs());
    }

    private static List<Object> row(LayerDimension layer) {
        return List.of(
                layer.layer(),
                layer.directions().n(),
                layer.directions().leftOut(),
                Measured.ofDirections(layer.directions()),
                layer.centred().n(),
                Measured.ofDirections(layer.centred()),
                Measured.ofSpectrum(layer.spectrum().topShare()));
    }

    @Override
    public Values values() {
        return new Values(
                measured.each(layer -> layer.directions().meanCosine()),
                measured.each(layer -> layer.centred().meanCosine()),
                measured.each(layer -> layer.spectrum().topShare()));
    }

    @Override
    public Explanation explain() {
        long leftOut = measured.layers().stream()
                .mapToLong(layer -> layer.directions().leftOut())
                .sum();
        return measured.on(
                measured.sampled(Explanation.of(
                                        "anisotropy",
                                        "mean cosine of all pairs: (|sum u|² - n) / (n (n - 1)), u = x / |x|; the same of x - mean(x); share of the first principal component: p_1")
                                .paper("https://arxiv.org/abs/1909.00512"))
                        .fact("left out, shorter than 1e-12", leftOut)
                        .note(
                                "the cosine with the mean taken away is of the sampled states, as their mean has to be known first"),
                layer -> Double.isNaN(layer.directions().meanCosine()) ? LayerDimension.NO_DIRECTIONS : "");
    }

    @Override
    public String toString() {
        return plainText();
    }
}
