package microtome.cli.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import microtome.model.LanguageModel;
import microtome.model.LoadOptions;
import microtome.model.store.ModelFiles;
import microtome.model.token.TokenSequence;
import microtome.probe.patching.PatchingGrid;
import microtome.probe.patching.PromptPair;

/**
 * The grid of activation patching over the residual stream, every block by 16 positions in F32, against the same grid in
 * TransformerLens. The prompts differ in their first token, so that no cell is spared.
 */
final class PatchBench implements Benchmark {
    private static final String CLEAN = " France is a country in Europe, and the name of its old capital city is";
    private static final String CORRUPT = " Italy is a country in Europe, and the name of its old capital city is";
    private static final String RIGHT = " Paris";
    private static final String WRONG = " Rome";
    private static final double BOUND = 3;

    /** Half an F32 step (6e-8) of logits of about 20, grown by the square root of 30 blocks x 7 products x 576 terms. */
    private static final double LOGIT_BOUND = 5e-4;

    /** The check before was the warm-up of both; the peer takes a minute for one grid. */
    private static final Turns TURNS = new Turns(0, 3);

    private final ModelFiles files;
    private final Optional<Peers> peers;

    PatchBench(ModelFiles files, Optional<Peers> peers) {
        this.files = files;
        this.peers = peers;
    }

    @Override
    public List<Result> run() {
        try (var model = LanguageModel.load(files, LoadOptions.DEFAULT)) {
            TokenSequence clean = model.tokenizer().encode(CLEAN);
            TokenSequence corrupt = model.tokenizer().encode(CORRUPT);
            var pair = new PromptPair(model, clean, corrupt);
            PeerServer started =
                    peers.flatMap(found -> found.hooked("patch.py")).orElse(null);
            if (started == null) {
                return List.of(timed(pair, List.of(), facts("nothing; " + Peers.SET_UP + " lens")));
            }
            try (var server = started) {
                Map<?, ?> loaded = server.ask(Map.of("do", "load", "threads", threads(model)));
                Map<String, Object> facts = facts(checked(pair, server));
                facts.put(
                        "peer",
                        "transformer_lens %s, transformers %s, torch %s, %s threads"
                                .formatted(
                                        loaded.get("transformer_lens"),
                                        loaded.get("transformers"),
                                        loaded.get("torch"),
                                        loaded.get("threads")));
                var peer = Contender.of(
                        "transformer_lens",
                        () -> number(server.ask(request(pair)).get("seconds")));
                return List.of(timed(pair, List.of(peer), facts));
            }
        }
    }

    private static Map<String, Object> facts(String checked) {
        var facts = new LinkedHashMap<String, Object>();
        facts.put("checked", checked);
        return facts;
    }

    private static Result timed(PromptPair pair, List<Contender> rivals, Map<String, Object> facts) {
        var contenders = new ArrayList<Contender>();
        contenders.add(Contender.of("microtome", () -> seconds(pair)));
        contenders.addAll(rivals);
        List<Timings> timings = TURNS.take(contenders);
        facts.put("device", pair.model().card().device());
        String title = "patch: the residual stream before every block, %d blocks x %d positions, F32"
                .formatted(pair.model().config().blocks(), pair.clean().size());
        if (rivals.isEmpty()) {
            return Result.timed(title, timings, facts);
        }
        double faster = timings.getFirst().speedOver(timings.get(1));
        facts.put(
                "faster than transformer_lens",
                "%.2f x (bound %.0f)%s".formatted(faster, BOUND, faster < BOUND ? ": MISSES" : ""));
        return new Result(title, timings, facts, faster >= BOUND);
    }

    private static double seconds(PromptPair pair) {
        long began = System.nanoTime();
        grid(pair);
        return (System.nanoTime() - began) / 1e9;
    }

    private static PatchingGrid grid(PromptPair pair) {
        return pair.answers(RIGHT, WRONG).residual();
    }

    /** Every cell against the peer's, as logit differences. */
    private static String checked(PromptPair pair, PeerServer server) {
        double[][] ours = grid(pair).values().metric();
        var theirs = (List<?>) server.ask(request(pair)).get("grid");
        double largest = 0;
        int cells = 0;
        for (int block = 0; block < ours.length; block++) {
            var row = (List<?>) theirs.get(block);
            for (int position = 0; position < ours[block].length; position++) {
                double difference = Math.abs(ours[block][position] - number(row.get(position)));
                if (!(difference <= LOGIT_BOUND)) {
                    throw new WrongResult(
                            "patch: block %d, position %d is %.6f here and %.6f there, more than %.0e apart"
                                    .formatted(
                                            block,
                                            position,
                                            ours[block][position],
                                            number(row.get(position)),
                                            LOGIT_BOUND));
                }
                largest = Math.max(largest, difference);
                cells++;
            }
        }
        return "%d logit differences, at most %.1e apart (bound %.0e)".formatted(cells, largest, LOGIT_BOUND);
    }

    private static Map<String, Object> request(PromptPair pair) {
        var request = new LinkedHashMap<String, Object>();
        request.put("do", "patch");
        request.put("clean", ids(pair.clean()));
        request.put("corrupt", ids(pair.corrupt()));
        request.put(
                "answers",
                List.of(
                        pair.model().tokenizer().idOf(RIGHT),
                        pair.model().tokenizer().idOf(WRONG)));
        return request;
    }

    private static List<Integer> ids(TokenSequence tokens) {
        return Arrays.stream(tokens.ids()).boxed().toList();
    }

    private static double number(Object value) {
        return ((Number) value).doubleValue();
    }

    private static int threads(LanguageModel model) {
        String threads = model.engine().device().facts().get("threads");
        return threads == null ? Runtime.getRuntime().availableProcessors() : Integer.parseInt(threads);
    }
}
