package microtome.cli.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import microtome.model.LanguageModel;
import microtome.model.LoadOptions;
import microtome.model.store.ModelFiles;
import microtome.model.token.TokenSequence;
import microtome.probe.depth.DepthUse;
import microtome.probe.depth.SkipEffect;
import microtome.probe.depth.SkipPlan;

/**
 * The triangle of skip effects, every block skipped in 20 prompts of 64 tokens in F32, against the same with forward hooks in
 * {@code transformers}: first without the output, where the peer runs without its head, then with it.
 */
final class SkipBench implements Benchmark {
    private static final int PROMPTS = 20;
    private static final int POSITIONS = 64;
    private static final double BOUND = 2.5;

    /** The check before was the warm-up of both; the peer takes most of a minute for one triangle. */
    private static final Turns TURNS = new Turns(0, 3);

    private final ModelFiles files;
    private final Optional<Peers> peers;

    SkipBench(ModelFiles files, Optional<Peers> peers) {
        this.files = files;
        this.peers = peers;
    }

    /** One of the two jobs. */
    private record Job(String title, boolean withOutput, double bound) {}

    private static final List<Job> JOBS = List.of(
            new Job("effects on later blocks", false, BOUND),
            new Job("effects on later blocks and on the output", true, Double.NaN));

    @Override
    public List<Result> run() {
        try (var model = LanguageModel.load(files, LoadOptions.DEFAULT)) {
            List<TokenSequence> prompts = prompts(model);
            if (peers.isEmpty()) {
                return JOBS.stream()
                        .map(job -> timed(model, prompts, job, List.of(), facts("nothing; " + Peers.SET_UP)))
                        .toList();
            }
            try (var server = peers.get().server("skip.py")) {
                Map<?, ?> loaded = server.ask(Map.of("do", "load", "threads", threads(model)));
                var results = new ArrayList<Result>();
                for (Job job : JOBS) {
                    Map<String, Object> facts = facts(SkipCheck.of(
                            effect(model, prompts, job.withOutput()).values(), server.ask(request(prompts, job))));
                    facts.put(
                            "peer",
                            "transformers %s, torch %s, %s threads"
                                    .formatted(loaded.get("transformers"), loaded.get("torch"), loaded.get("threads")));
                    var peer = Contender.of(
                            "transformers, forward hooks",
                            () -> ((Number) server.ask(request(prompts, job)).get("seconds")).doubleValue());
                    results.add(timed(model, prompts, job, List.of(peer), facts));
                }
                return results;
            }
        }
    }

    /** Stretches of the passage that begin at different words; they overlap, which no program makes use of. */
    private static List<TokenSequence> prompts(LanguageModel model) {
        int[] passage = model.tokenizer().encode(Passage.text()).ids();
        int last = passage.length - POSITIONS;
        return IntStream.range(0, PROMPTS)
                .map(prompt -> prompt * last / (PROMPTS - 1))
                .mapToObj(from -> TokenSequence.ofIds(Arrays.copyOfRange(passage, from, from + POSITIONS)))
                .toList();
    }

    private static SkipEffect effect(LanguageModel model, List<TokenSequence> prompts, boolean withOutput) {
        SkipPlan plan = DepthUse.of(model, prompts).skip();
        return (withOutput ? plan : plan.withoutOutput()).current();
    }

    private static Map<String, Object> facts(String checked) {
        var facts = new LinkedHashMap<String, Object>();
        facts.put("checked", checked);
        return facts;
    }

    private static Result timed(
            LanguageModel model,
            List<TokenSequence> prompts,
            Job job,
            List<Contender> rivals,
            Map<String, Object> facts) {
        var contenders = new ArrayList<Contender>();
        contenders.add(Contender.of("microtome", () -> seconds(model, prompts, job)));
        contenders.addAll(rivals);
        List<Timings> timings = TURNS.take(contenders);
        facts.put("device", model.card().device());
        String title = "skip: %s, %d blocks, %d x %d tokens, F32"
                .formatted(job.title(), model.config().blocks(), PROMPTS, POSITIONS);
        if (rivals.isEmpty()) {
            return Result.timed(title, timings, facts);
        }
        double faster = timings.getFirst().speedOver(timings.get(1));
        boolean holds = !(faster < job.bound());
        facts.put(
                "faster than transformers",
                "%.2f x%s%s"
                        .formatted(
                                faster,
                                Double.isNaN(job.bound()) ? "" : " (bound %.1f)".formatted(job.bound()),
                                holds ? "" : ": MISSES"));
        return new Result(title, timings, facts, holds);
    }

    private static double seconds(LanguageModel model, List<TokenSequence> prompts, Job job) {
        long began = System.nanoTime();
        effect(model, prompts, job.withOutput());
        return (System.nanoTime() - began) / 1e9;
    }

    private static Map<String, Object> request(List<TokenSequence> prompts, Job job) {
        return Map.of(
                "do",
                "skip",
                "ids",
                prompts.stream()
                        .map(each -> Arrays.stream(each.ids()).boxed().toList())
                        .toList(),
                "output",
                job.withOutput());
    }

    private static int threads(LanguageModel model) {
        String threads = model.engine().device().facts().get("threads");
        return threads == null ? Runtime.getRuntime().availableProcessors() : Integer.parseInt(threads);
    }
}
