package microtome.probe.geometry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.IntStream;
import microtome.probe.data.PositionRule;
import org.junit.jupiter.api.Test;

class PositionMeterTest {
    private static final int LAYERS = 5;
    private static final int POSITIONS = 3;
    private static final int WIDTH = 4;

    @Test
    void measuresEveryPositionAsItsOwnPath() {
        float[][] layers = layers();
        for (PositionQuantity quantity : PositionQuantity.values()) {
            var meter = new PositionMeter(quantity, POSITIONS);
            for (float[] layer : layers) {
                meter.add(layer);
            }
            for (int position = 0; position < POSITIONS; position++) {
                int column = position;
                double[] measured = IntStream.range(0, meter.values().length)
                        .mapToDouble(row -> meter.values()[row][column])
                        .toArray();
                assertThat(measured)
                        .as("%s at %d", quantity, position)
                        .containsExactly(expected(quantity, path(layers, position)));
            }
        }
    }

    @Test
    void tooFewLayersGiveNoValues() {
        var meter = new PositionMeter(PositionQuantity.CURVATURE, POSITIONS);
        meter.add(layers()[0]);
        meter.add(layers()[1]);
        assertThat(meter.values()).isEmpty();
    }

    private static double[] expected(PositionQuantity quantity, Trajectory path) {
        return switch (quantity) {
            case VELOCITY -> path.steps();
            case CURVATURE -> path.angles();
            case COSINE -> path.cosines();
        };
    }

    private static Trajectory path(float[][] layers, int position) {
        return Trajectory.of(IntStream.range(0, LAYERS)
                .mapToObj(layer -> PositionRule.position(position).point(layers[layer], POSITIONS))
                .toArray(double[][]::new));
    }

    private static float[][] layers() {
        var random = new Random(11);
        var layers = new float[LAYERS][POSITIONS * WIDTH];
        for (float[] layer : layers) {
            for (int i = 0; i < layer.length; i++) {
                layer[i] = (float) random.nextGaussian();
            }
        }
        return layers;
    }
}
