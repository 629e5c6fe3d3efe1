package microtome.cli.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import microtome.probe.similarity.Representation;

/** Layers that both sides of {@code bench cka} compute for themselves; {@code environment/peers/cka.py} has the twin. */
final class SimilarityInputs {
    static final int LAYERS = 31;
    static final int ROWS = 4096;
    static final int WIDTH = 576;

    private static final int MASSIVE = 3;

    private SimilarityInputs() {}

    /** Each layer is the one before plus noise, in F32; the first stands away from 0. */
    static List<Representation> layers(int count, int rows, int width) {
        var layers = new ArrayList<Representation>();
        float[][] stream = new float[rows][width];
        for (int layer = 0; layer < count; layer++) {
            stream = plus(stream, Noise.of(layer, 1, (long) rows * width), layer == 0 ? MASSIVE : 0);
            layers.add(Representation.of("layer " + layer, stream));
        }
        return layers;
    }

    private static float[][] plus(float[][] stream, float[] noise, float shift) {
        int width = stream[0].length;
        return IntStream.range(0, stream.length)
                .mapToObj(row -> {
                    var sum = new float[width];
                    for (int i = 0; i < width; i++) {
                        sum[i] = stream[row][i] + noise[row * width + i] + shift;
                    }
                    return sum;
                })
                .toArray(float[][]::new);
    }
}
