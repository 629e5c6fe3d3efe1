package microtome.tensor.conformance;

import static microtome.tensor.DType.BF16;
import static microtome.tensor.DType.F16;
import static microtome.tensor.DType.F32;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import microtome.tensor.DType;
import microtome.tensor.Decomposition;
import microtome.tensor.Engine;
import microtome.tensor.Moments;
import microtome.tensor.Op;
import microtome.tensor.Op.IcaStep.Contrast;
import microtome.tensor.Statistics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sums over many samples: each equals its decomposition, and the shortest loops that say it. */
public abstract class StatisticsConformance extends BackendConformance {
    private static final DType[] TYPES = {F32, BF16, F16};

    /** For subclasses. */
    protected StatisticsConformance() {}

    /** Unmixing rows of length 1. */
    private Host unmixing(int components, int inputs) {
        double scale = 1 / Math.sqrt(inputs);
        return Host.of(F32, Expected.map(normal(F32, components, inputs).values(), x -> x * scale), components, inputs);
    }

    @ParameterizedTest
    @EnumSource(Contrast.class)
    void stepsOfFastIcaAgreeForAnyNumberOfSamples(Contrast contrast) {
        for (var type : TYPES) {
            for (int samples : AWKWARD) {
                var z = normal(type, samples, 33);
                var w = unmixing(7, 33);
                var step = Statistics.icaStep(contrast, 1.5f, z.on(engine()), w.on(engine()));
                var op = new Op.IcaStep(contrast, 1.5f);
                var parts = Decomposition.of(op, List.of(z.on(engine()), w.on(engine())));
                var oracle = step(contrast, 1.5, z, w);
                var tolerance = Tolerance.ofSum(F32, samples + 33).and(Tolerance.ofFunction(F32));
                assertClose(step.products(), oracle.products(), tolerance);
                assertClose(step.slopes(), oracle.slopes(), tolerance);
                assertClose(parts.slice(1, 0, 33), oracle.products(), tolerance);
                assertClose(parts.slice(1, 33, 34).reshape(7), oracle.slopes(), tolerance);
            }
        }
    }

    private record Sums(Expected products, Expected slopes) {}

    /** An error of u moves g by its slope, and the slope by at most 6 |u| + 4 for these contrasts and alpha. */
    private static Sums step(Contrast contrast, double alpha, Host z, Host w) {
        int samples = z.extent(0);
        int inputs = z.extent(1);
        int components = w.extent(0);
        var products = new Expected(new double[components * inputs], new double[components * inputs]);
        var slopes = new Expected(new double[components], new double[components]);
        for (int i = 0; i < components; i++) {
            for (int s = 0; s < samples; s++) {
                double u = 0;
                double size = 0;
                for (int j = 0; j < inputs; j++) {
                    double term = w.values()[i * inputs + j] * z.values()[s * inputs + j];
                    u += term;
                    size += Math.abs(term);
                }
                double g = contrast(contrast, alpha, u);
                double slope = slope(contrast, alpha, u);
                for (int j = 0; j < inputs; j++) {
                    double value = z.values()[s * inputs + j] / samples;
                    products.values()[i * inputs + j] += g * value;
                    products.magnitudes()[i * inputs + j] +=
                            (Math.abs(g) + Math.abs(slope) * size + 1) * Math.abs(value);
                }
                slopes.values()[i] += slope / samples;
                slopes.magnitudes()[i] += (Math.abs(slope) + (6 * Math.abs(u) + 4) * size) / samples;
            }
        }
        return new Sums(products, slopes);
    }

    private static double contrast(Contrast contrast, double alpha, double u) {
        return switch (contrast) {
            case LOGCOSH -> Math.tanh(alpha * u);
            case GAUSSIAN -> u * Math.exp(-u * u / 2);
            case CUBE -> u * u * u;
        };
    }

    private static double slope(Contrast contrast, double alpha, double u) {
        return switch (contrast) {
            case LOGCOSH -> alpha / Math.pow(Math.cosh(alpha * u), 2);
            case GAUSSIAN -> (1 - u * u) * Math.exp(-u * u / 2);
            case CUBE -> 3 * u * u;
        };
    }

    @Test
    void aStepLeadsToTheNextUnmixingMatrix() {
        var z = engine().tensor(new float[] {2, 0, 0, -1}, 2, 2);
        var w = engine().tensor(new float[] {1, 0}, 1, 2);
        var step = Statistics.icaStep(Contrast.CUBE, 1, z, w); // y = 2, 0
        assertThat(step.products().toFloats()).containsExactly(8, 0);
        assertThat(step.slopes().toFloats()).containsExactly(6);
        assertThat(step.next(w).toFloats()).containsExactly(2, 0);
    }

    @Test
    void aStepSaysWhatDoesNotFit() {
        var z = normal(F32, 5, 3).on(engine());
        var w = normal(F32, 2, 3).on(engine());
        assertThatThrownBy(() -> Statistics.icaStep(Contrast.LOGCOSH, 3, z, w))
                .hasMessage("icaStep: alpha 3.0; LOGCOSH needs 1 to 2");
        assertThatThrownBy(() -> Statistics.icaStep(
                        Contrast.CUBE, 1, z, normal(F32, 2, 4).on(engine())))
                .hasMessage("icaStep: samples [5, 3] and unmixing [2, 4]; both must be as wide as the whitened space");
        var none = Statistics.icaStep(Contrast.CUBE, 1, engine().filled(0, F32, 0, 3), w);
        assertThat(none.slopes().toFloats()).containsOnly(Float.NaN);
    }

    @Test
    void momentsOfBatchesAreThoseOfAllRowsHoweverFarFromZero() {
        for (var type : TYPES) {
            for (int width : new int[] {1, 2, 31, 33, 127}) {
                double centre = type == F32 ? 1000 : 4;
                var moments = Moments.none(engine(), width);
                var all = new ArrayList<double[]>();
                for (int count : new int[] {1, 0, 31, 257, 1021}) {
                    var rows = Host.of(
                            type, Expected.map(normal(F32, count, width).values(), x -> x + centre), count, width);
                    moments = moments.with(rows.on(engine()));
                    for (int row = 0; row < count; row++) {
                        all.add(Arrays.copyOfRange(rows.values(), row * width, (row + 1) * width));
                    }
                }
                assertMoments(moments.summary(), all);
            }
        }
    }

    private static void assertMoments(Moments.Summary summary, List<double[]> rows) {
        int width = summary.mean().length;
        assertThat(summary.count()).isEqualTo(rows.size());
        var mean = new double[width];
        for (var row : rows) {
            for (int j = 0; j < width; j++) {
                mean[j] += row[j] / rows.size();
            }
        }
        var covariance = summary.covariance();
        var gram = summary.gram();
        // Centring rounds both factors once; the products of a block are summed in F32.
        var tolerance = Tolerance.ofSum(F32, rows.size() + 4);
        for (int i = 0; i < width; i++) {
            assertThat(summary.mean()[i]).isCloseTo(mean[i], within(1e-12 * Math.abs(mean[i]) + 1e-12));
            for (int j = 0; j < width; j++) {
                double sum = 0;
                double size = 0;
                for (var row : rows) {
                    double term = (row[i] - mean[i]) * (row[j] - mean[j]);
                    sum += term;
                    size += Math.abs(term);
                }
                double bound = tolerance.bound(0, size) + 1e-9;
                assertThat(summary.scatter()[i][j]).isCloseTo(sum, within(bound));
                assertThat(covariance[i][j]).isCloseTo(sum / (rows.size() - 1), within(bound / (rows.size() - 1)));
                double plain = sum + rows.size() * mean[i] * mean[j];
                assertThat(gram[i][j]).isCloseTo(plain, within(bound + 1e-12 * Math.abs(plain)));
            }
        }
    }

    @Test
    void momentsEqualTheirDecompositionOnTheReference() {
        try (var reference = Engine.open("reference")) {
            var first = normal(F32, 33, 5);
            var second = normal(F32, 127, 5);
            var here = Moments.none(engine(), 5).with(first.on(engine())).with(second.on(engine()));
            var before = Moments.none(reference, 5).with(first.on(reference));
            var parts = Decomposition.of(new Op.UpdateMoments(), List.of(before.state(), second.on(reference)));
            assertThat(here.state().type()).isEqualTo(parts.type());
            var expected = parts.toDoubles();
            var found = here.state().toDoubles();
            for (int i = 0; i < found.length; i++) {
                assertThat(found[i])
                        .isCloseTo(expected[i], within(Tolerance.ofSum(F32, 164).bound(0, 2 * 160)));
            }
        }
    }

    @Test
    void momentsOfPartsCanBeJoined() {
        var rows = normal(F32, 33, 3);
        var tensor = rows.on(engine());
        var none = Moments.none(engine(), 3);
        var left = none.with(tensor.slice(0, 0, 2)).summary();
        var right = none.with(tensor.slice(0, 2, 33)).summary();
        var all = new ArrayList<double[]>();
        for (int row = 0; row < 33; row++) {
            all.add(Arrays.copyOfRange(rows.values(), row * 3, row * 3 + 3));
        }
        assertMoments(left.and(right), all);
        assertMoments(none.summary().and(left).and(right), all);
        assertThat(none.summary().and(none.summary()).count()).isZero();
        assertThat(none.summary().covariance()[0]).containsOnly(Double.NaN);
        assertThatThrownBy(() -> left.and(Moments.none(engine(), 2).summary()))
                .hasMessage("moments: 3 columns and 2 columns do not belong together");
        assertThatThrownBy(() -> none.with(normal(F32, 2, 4).on(engine())))
                .hasMessage("moments: rows [2, 4] for a state of F64 [4, 4]; start with Moments.none(engine, 4)");
    }

    @Test
    void similaritiesOfAllPairsOfRows() {
        for (var type : TYPES) {
            for (int width : AWKWARD) {
                var x = normal(type, 5, width);
                var y = normal(type, 33, width);
                var product = Oracle.product(x.values(), y.values(), new Oracle.Sizes(5, width, 33), true);
                var tolerance = Tolerance.ofSum(F32, width);
                assertClose(Statistics.products(x.on(engine()), y.on(engine())), product, tolerance);
                var cosines = Statistics.cosines(x.on(engine()), y.on(engine()));
                var parts = Decomposition.of(new Op.Cosine(), List.of(x.on(engine()), y.on(engine())));
                var expected = cosine(x, y, product);
                assertClose(cosines, expected, Tolerance.ofSum(F32, 2L * width + 8));
                assertClose(parts, expected, Tolerance.ofSum(F32, 2L * width + 8));
            }
        }
    }

    private static Expected cosine(Host x, Host y, Expected product) {
        int width = x.extent(1);
        int columns = y.extent(0);
        var values = new double[product.values().length];
        var magnitudes = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            double lengths = length(x, i / columns, width) * length(y, i % columns, width);
            values[i] = product.values()[i] / lengths;
            magnitudes[i] = product.magnitudes()[i] / lengths;
        }
        return new Expected(values, magnitudes);
    }

    private static double length(Host rows, int row, int width) {
        double squares = 0;
        for (int k = 0; k < width; k++) {
            squares += Math.pow(rows.values()[row * width + k], 2);
        }
        return Math.sqrt(squares);
    }

    @Test
    void aRowOfZerosIsSimilarToNothing() {
        var x = engine().tensor(new float[] {3, 4, 0, 0, -3e12f, -4e12f}, 3, 2);
        var cosines = Statistics.cosines(x, x);
        var expected = new double[] {1, 0, -1, 0, 0, 0, -1, 0, 1};
        assertClose(cosines, Expected.of(expected), Tolerance.ofSum(F32, 8));
        assertThat(cosines.slice(0, 1, 2).toFloats()).containsOnly(0);
        assertThatThrownBy(() -> Statistics.cosines(x, normal(F32, 3, 4).on(engine())))
                .hasMessage("cosine: x F32 [3, 2] and y F32 [3, 4]; rows must have one width and one type");
        assertThat(Statistics.cosines(x, engine().filled(0, F32, 0, 2)).toFloats())
                .isEmpty();
    }
}
