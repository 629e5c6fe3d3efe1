package microtome.cli.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import microtome.model.Harvest;
import microtome.model.LanguageModel;
import microtome.model.LoadOptions;
import microtome.model.Precision;
import microtome.model.Site;
import microtome.model.store.ModelFiles;
import microtome.model.token.TokenSequence;

/**
 * The residual stream at every depth, for 8 sequences of 128 tokens in F32 and in BF16 and for one prompt of 16 tokens in
 * F32, against {@code transformers} called without its head (the same work) and called as usual (with logits that nobody
 * needs here), and against TransformerLens and nnsight where they are set up.
 */
final class HarvestBench implements Benchmark {
    private static final double WARM_UP_SECONDS = 4;

    /** So many sequences of so many tokens. */
    private record Job(int sequences, int positions, Precision precision, Turns turns) {
        int rows() {
            return sequences * positions;
        }

        String title() {
            return "harvest: the residual stream at every depth, %d x %d tokens, %s"
                    .formatted(sequences, positions, precision);
        }
    }

    private static final List<Job> JOBS = List.of(
            new Job(8, 128, Precision.F32, new Turns(WARM_UP_SECONDS, 1, 7)),
            new Job(1, 16, Precision.F32, new Turns(WARM_UP_SECONDS, 2, 21)),
            new Job(8, 128, Precision.BF16, new Turns(WARM_UP_SECONDS, 1, 7)));

    private final ModelFiles files;
    private final Optional<Peers> peers;

    HarvestBench(ModelFiles files, Optional<Peers> peers) {
        this.files = files;
        this.peers = peers;
    }

    @Override
    public List<Result> run() {
        return peers.isEmpty() ? alone() : against(peers.get());
    }

    private List<Result> alone() {
        var results = new ArrayList<Result>();
        for (Job job : JOBS) {
            try (var model = load(job.precision())) {
                var facts = new LinkedHashMap<String, Object>();
                facts.put("checked", "nothing, because no peers are set up; " + Peers.SET_UP);
                results.add(timed(model, job, List.of(), facts));
            }
        }
        return results;
    }

    private List<Result> against(Peers found) {
        try (var states = new HarvestPeers(found)) {
            var results = new ArrayList<Result>();
            for (Job job : JOBS) {
                try (var model = load(job.precision())) {
                    List<TokenSequence> sequences = sequences(model, job);
                    var facts = new LinkedHashMap<String, Object>();
                    List<HarvestPeer> rivals = states.checked(model, sequences, job.precision(), facts);
                    results.add(timed(model, job, rivals, facts));
                }
            }
            return results;
        }
    }

    private static Result timed(LanguageModel model, Job job, List<HarvestPeer> rivals, Map<String, Object> facts) {
        try (var _ = model.engine().openScope()) {
            ArithmeticLimit limit = ArithmeticLimit.of(model, job.rows());
            var contenders = new ArrayList<Contender>(List.of(new Ours(model, sequences(model, job)), limit));
            contenders.addAll(rivals);
            List<Timings> timings = job.turns().take(contenders);
            facts.put("device", model.card().device());
            double rate = limit.rate(timings.get(1).median());
            facts.put("one large matrix product", "%.0f GFLOP/s".formatted(rate / 1e9));
            return promised(job, timings, rivals, facts);
        }
    }

    /** Timings of ours, of the limit, and of the peers in their order. */
    private static Result promised(
            Job job, List<Timings> timings, List<HarvestPeer> rivals, Map<String, Object> facts) {
        Promise promise = Promise.of(job);
        Timings ours = timings.getFirst();
        boolean holds = true;
        if (promise.overLimit > 0) {
            double overLimit = 1 / ours.speedOver(timings.get(1));
            holds = overLimit <= promise.overLimit;
            facts.put(
                    "the limit of arithmetic, times",
                    "%.2f (bound %.2f)%s".formatted(overLimit, promise.overLimit, missed(!holds)));
        }
        for (int who = 0; who < rivals.size(); who++) {
            double bound = rivals.get(who).headless() ? promise.overHeadless : promise.overUsual;
            if (bound > 0) {
                double faster = ours.speedOver(timings.get(who + 2));
                facts.put(
                        "faster than " + rivals.get(who).name(),
                        "%.2f x (bound %.2f)%s".formatted(faster, bound, missed(faster < bound)));
                holds &= faster >= bound;
            }
        }
        return new Result(job.title(), timings, facts, holds);
    }

    private static String missed(boolean missed) {
        return missed ? ": MISSES" : "";
    }

    /** So many times faster than peers, and at most so many times the limit of arithmetic; 0 where nothing was promised. */
    private record Promise(double overHeadless, double overUsual, double overLimit) {
        static Promise of(Job job) {
            if (job.sequences() == 1) {
                return new Promise(0, 2, 0);
            }
            return switch (job.precision()) {
                case F32 -> new Promise(1.35, 1.7, 1.15);
                case BF16 -> new Promise(1.25, 0, 1.25);
            };
        }
    }

    private LanguageModel load(Precision precision) {
        return LanguageModel.load(files, LoadOptions.DEFAULT.precision(precision));
    }

    /** Rows of a passage of prose, cut without overlap; a passage that is too short starts again. */
    private static List<TokenSequence> sequences(LanguageModel model, Job job) {
        int[] passage = model.tokenizer().encode(Passage.text()).ids();
        return IntStream.range(0, job.sequences())
                .mapToObj(row -> IntStream.range(row * job.positions(), (row + 1) * job.positions())
                        .map(at -> passage[at % passage.length])
                        .toArray())
                .map(TokenSequence::ofIds)
                .toList();
    }

    /** Our harvest: every residual in the engine's memory, waited for. */
    private record Ours(LanguageModel model, List<TokenSequence> sequences) implements Contender {
        @Override
        public String name() {
            return "microtome";
        }

        @Override
        public double seconds() {
            List<Site> sites = IntStream.rangeClosed(0, model.config().blocks())
                    .mapToObj(Site::residual)
                    .toList();
            try (var scope = model.engine().openScope()) {
                long began = System.nanoTime();
                model.run(sequences, new Harvest(scope, sites));
                model.engine().synchronize();
                return (System.nanoTime() - began) / 1e9;
            }
        }
    }
}
