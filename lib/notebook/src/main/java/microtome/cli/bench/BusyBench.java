package microtome.cli.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.DoubleStream;
import microtome.model.Harvest;
import microtome.model.LanguageModel;
import microtome.model.LoadOptions;
import microtome.model.Site;
import microtome.model.store.ModelFiles;
import microtome.model.token.TokenSequence;

/**
 * A forward pass of 128 tokens while another process keeps a processor busy. Threads that wait for each other by spinning
 * lose their time slices then, and some passes take many times as long; the 90th percentile shows them.
 */
final class BusyBench implements Benchmark {
    private static final int POSITIONS = 128;
    private static final int WARM_UPS = 3;
    private static final int ROUNDS = 5;
    private static final int PASSES = 12;
    private static final double BOUND = 2.5;

    private final ModelFiles files;

    BusyBench(ModelFiles files) {
        this.files = files;
    }

    @Override
    public List<Result> run() {
        try (var model = LanguageModel.load(files, LoadOptions.DEFAULT)) {
            TokenSequence tokens = tokens(model);
            passes(model, tokens, WARM_UPS);
            var quiet = new double[ROUNDS * PASSES];
            var busy = new double[ROUNDS * PASSES];
            for (int round = 0; round < ROUNDS; round++) {
                System.arraycopy(passes(model, tokens, PASSES), 0, quiet, round * PASSES, PASSES);
                System.arraycopy(disturbed(model, tokens), 0, busy, round * PASSES, PASSES);
            }
            return List.of(result(new Timings("quiet", quiet), new Timings("beside a busy process", busy)));
        }
    }

    private static Result result(Timings quiet, Timings busy) {
        double ratio = percentile(busy.seconds(), 0.9) / quiet.median();
        var facts = new LinkedHashMap<String, Object>();
        facts.put("90th percentile, quiet", "%.1f ms".formatted(1e3 * percentile(quiet.seconds(), 0.9)));
        facts.put("90th percentile, busy", "%.1f ms".formatted(1e3 * percentile(busy.seconds(), 0.9)));
        facts.put(
                "the quiet median, times",
                "%.2f (bound %.2f)%s".formatted(ratio, BOUND, ratio > BOUND ? ": MISSES" : ""));
        String title = "busy: a forward pass of %d tokens, F32".formatted(POSITIONS);
        return new Result(title, List.of(quiet, busy), facts, ratio <= BOUND);
    }

    private static TokenSequence tokens(LanguageModel model) {
        int[] passage = model.tokenizer().encode(Passage.text()).ids();
        return TokenSequence.ofIds(Arrays.copyOf(passage, POSITIONS));
    }

    /** The same passes while a process of its own counts without end. */
    private static double[] disturbed(LanguageModel model, TokenSequence tokens) {
        Process other = PeerProcess.start(JavaProcess.command(BusyProcess.class));
        try {
            other.getInputStream().read(); // it is at work
            return passes(model, tokens, PASSES);
        } catch (IOException broken) {
            throw new UncheckedIOException("the busy process did not start", broken);
        } finally {
            other.destroyForcibly();
        }
    }

    private static double[] passes(LanguageModel model, TokenSequence tokens, int count) {
        var seconds = new double[count];
        List<Site> last = List.of(Site.residual(model.config().blocks()));
        for (int pass = 0; pass < count; pass++) {
            try (var scope = model.engine().openScope()) {
                long began = System.nanoTime();
                model.run(List.of(tokens), new Harvest(scope, last));
                model.engine().synchronize();
                seconds[pass] = (System.nanoTime() - began) / 1e9;
            }
        }
        return seconds;
    }

    /** The smallest time that so large a part of all times does not exceed. */
    static double percentile(double[] seconds, double part) {
        double[] sorted = DoubleStream.of(seconds).sorted().toArray();
        return sorted[(int) Math.ceil(part * sorted.length) - 1];
    }
}
