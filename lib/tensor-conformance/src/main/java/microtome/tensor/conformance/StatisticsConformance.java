package microtome.tensor.conformance;

import static microtome.tensor.DType.BF16;
import static microtome.tensor.DType.F16;
import static microtome.tensor.DType.F32;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import microtome.tensor.DType;
import microtome.tensor.Decomposition;
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
}
