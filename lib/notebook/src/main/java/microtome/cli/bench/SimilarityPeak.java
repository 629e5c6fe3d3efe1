package microtome.cli.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import microtome.display.Json;
import microtome.probe.data.Origin;
import microtome.probe.similarity.Representation;
import microtome.probe.similarity.Similarity;
import microtome.tensor.Engine;

/**
 * A process of its own for {@code bench cka}: makes the layers, compares a few rows of them so that code and libraries are
 * there, then all, and prints one JSON line with what the latter added at its peak.
 */
public final class SimilarityPeak {
    private static final int FEW_ROWS = 512;
    private static final int UNTIL_GIVEN_BACK = 2000;
    private static final String NO_PEAK_BEFORE = "5";

    private SimilarityPeak() {}

    /** Takes no arguments. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        try (var engine = Engine.open()) {
            compare(engine, SimilarityInputs.layers(SimilarityInputs.LAYERS, FEW_ROWS, SimilarityInputs.WIDTH));
            engine.synchronize();
            engine.trim();
            List<Representation> layers =
                    SimilarityInputs.layers(SimilarityInputs.LAYERS, SimilarityInputs.ROWS, SimilarityInputs.WIDTH);
            System.gc();
            Thread.sleep(UNTIL_GIVEN_BACK); // the collector gives memory back in the background
            long before = ResidentMemory.ofThisProcess().now();
            Files.writeString(Path.of("/proc/self/clear_refs"), NO_PEAK_BEFORE);
            compare(engine, layers);
            long peak = ResidentMemory.ofThisProcess().peak();
            System.out.println(Json.write(Map.of("before", before, "peak", peak)));
        }
        System.exit(0);
    }

    private static void compare(Engine engine, List<Representation> layers) {
        Similarity.of(layers, Origin.given("noise")).on(engine).biasedCka();
    }
}
