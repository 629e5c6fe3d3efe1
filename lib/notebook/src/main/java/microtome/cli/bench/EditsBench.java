package microtome.cli.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import microtome.Microtome;
import microtome.Model;
import microtome.Run;
import microtome.model.Head;
import microtome.model.Site;
import microtome.model.edit.Edit;

/** Makes 1,000 runs with edits and taps in one process, without closing anything; memory must stay flat. */
final class EditsBench implements Benchmark {
    private static final String TEXT = "The capital of France is";
    private static final int WARM_UPS = 100;
    private static final int RUNS = 1000;
    private static final double MEBIBYTE = 1 << 20;
    private static final double BOUND = 0.02;

    private final String model;

    EditsBench(String model) {
        this.model = model;
    }

    @Override
    public List<Result> run() {
        for (int run = 0; run < WARM_UPS; run++) {
            cell(run);
        }
        long before = resident();
        var seconds = new double[RUNS];
        for (int run = 0; run < RUNS; run++) {
            long began = System.nanoTime();
            cell(run);
            seconds[run] = (System.nanoTime() - began) / 1e9;
        }
        double growth = (double) resident() / before - 1;
        var facts = new LinkedHashMap<String, Object>();
        facts.put("resident before", "%.0f MiB".formatted(before / MEBIBYTE));
        facts.put("growth", "%+.2f %% (bound %.0f %%)".formatted(100 * growth, 100 * BOUND));
        String title =
                "edits: %d runs of one cell that edits a stream, a head and a frozen pattern, and reads what comes of it"
                        .formatted(RUNS);
        return List.of(new Result(title, List.of(new Timings("microtome", seconds)), facts, Math.abs(growth) <= BOUND));
    }

    /** What the cell does, display included; the edit is another one every time. */
    private Map<String, Object> cell(int number) {
        Model loaded = Microtome.load(model);
        int blocks = loaded.languageModel().config().blocks();
        var direction = new float[loaded.languageModel().config().width()];
        direction[number % direction.length] = 1;
        Run plain = loaded.run(TEXT);
        int block = number % blocks;
        Run edited = plain.with(
                Edit.add(Site.residual(block), direction, 4).from(1),
                Edit.zero(new Head(block, 0)),
                Edit.freeze(Site.pattern(blocks - 1)));
        edited.at(Site.pattern(block));
        int right = plain.sequence().token(-1).id();
        int wrong = plain.sequence().token(0).id();
        return edited.logitDifference(right, wrong).compareTo(plain).table().mimeBundle();
    }

    /** After a collection, so that garbage that nobody collected yet is not taken for a leak. */
    private static long resident() {
        System.gc();
        return ResidentMemory.ofThisProcess().now();
    }
}
