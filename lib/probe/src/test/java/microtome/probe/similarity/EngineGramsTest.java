package microtome.probe.similarity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import microtome.tensor.Engine;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Against double precision, on rows that look like a model's: a large common part and a few massive numbers. */
class EngineGramsTest {
    private static Engine engine;

    @BeforeAll
    static void open() {
        engine = Engine.open();
    }

    @AfterAll
    static void close() {
        engine.close();
    }

    @Test
    void agreesWithDoublePrecisionToAMillionth() {
        for (int rows : new int[] {4, 255, 256, 257, 700}) {
            List<Centred> layers = layers(rows, 48, 40, 33);
            GramSums exact = HostGrams.of(layers);
            GramSums ours = EngineGrams.of(engine, layers);
            for (int a = 0; a < layers.size(); a++) {
                for (int b = 0; b < layers.size(); b++) {
                    String pair = "%d rows, %d and %d".formatted(rows, a, b);
                    assertThat(cka(ours, a, b)).as(pair).isCloseTo(cka(exact, a, b), within(1e-6 * cka(exact, a, b)));
                    assertThat(biasedCka(ours, a, b))
                            .as(pair)
                            .isCloseTo(biasedCka(exact, a, b), within(1e-6 * biasedCka(exact, a, b)));
                }
            }
        }
    }

    @Test
    void leavesNothingOnTheEngine() {
        long tensors = engine.liveTensors();
        EngineGrams.of(engine, layers(300, 16, 16));
        assertThat(engine.liveTensors()).isEqualTo(tensors);
    }

    @Test
    void goesByColumnsWhereThatIsLessWork() {
        List<Centred> narrow = layers(500, 5, 4); // 500 rows of 5: products of columns are a hundredth of the work
        GramSums byColumns = HostGrams.of(narrow);
        GramSums byRows = EngineGrams.of(engine, narrow);
        assertThat(cka(byColumns, 0, 1)).isCloseTo(cka(byRows, 0, 1), within(1e-6));
    }

    private static double cka(GramSums sums, int a, int b) {
        return Cka.ratio(sums.unbiased(a, b), sums.unbiased(a, a), sums.unbiased(b, b));
    }

    private static double biasedCka(GramSums sums, int a, int b) {
        return Cka.ratio(sums.biased(a, b), sums.biased(a, a), sums.biased(b, b));
    }

    /** Each layer is the one before, turned, shifted far from 0, with one massive direction. */
    private static List<Centred> layers(int rows, int... widths) {
        var random = new Random(rows);
        double[][] state = Golden.normal(random, rows, widths[0]);
        var layers = new ArrayList<Centred>();
        for (int width : widths) {
            state = Golden.times(state, Golden.normal(random, state[0].length, width));
            var floats = new float[rows][width];
            for (int row = 0; row < rows; row++) {
                for (int i = 0; i < width; i++) {
                    double massive = i == 3 ? 100 * Math.abs(random.nextGaussian()) : 0;
                    floats[row][i] = (float) (state[row][i] + 30 + massive);
                }
            }
            layers.add(new Centred(Representation.of("layer of width " + width, floats)));
        }
        return layers;
    }
}
