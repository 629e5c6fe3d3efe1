package microtome.cli.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import microtome.Microtome;

/** Runs a lens cell 100 times, as a reader who plays with it does, without closing anything; memory must stay flat. */
final class LensBench implements Benchmark {
    private static final String TEXT = "The capital of France is";
    private static final int WARM_UPS = 20;
    private static final int RUNS = 100;
    private static final double MEBIBYTE = 1 << 20;
    private static final double BOUND = 0.02;

    private final String model;

    LensBench(String model) {
        this.model = model;
    }

    @Override
    public List<Result> run() {
        for (int run = 0; run < WARM_UPS; run++) {
            cell();
        }
        long before = resident();
        var seconds = new double[RUNS];
        for (int run = 0; run < RUNS; run++) {
            long began = System.nanoTime();
            cell();
            seconds[run] = (System.nanoTime() - began) / 1e9;
        }
        double growth = (double) resident() / before - 1;
        var facts = new LinkedHashMap<String, Object>();
        facts.put("resident before", "%.0f MiB".formatted(before / MEBIBYTE));
        facts.put("growth", "%+.2f %% (bound %.0f %%)".formatted(100 * growth, 100 * BOUND));
        String title = "lens: %d runs of one cell that loads the model by name and shows the top 5 of every depth"
                .formatted(RUNS);
        return List.of(new Result(title, List.of(new Timings("microtome", seconds)), facts, Math.abs(growth) <= BOUND));
    }

    /** What the cell does, display included. */
    private Map<String, Object> cell() {
        return Microtome.load(model).run(TEXT).lens().top(5).mimeBundle();
    }

    /** After a collection, so that garbage that nobody collected yet is not taken for a leak. */
    private static long resident() {
        System.gc();
        return ResidentMemory.ofThisProcess().now();
    }
}
