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
import microtome.model.Weights;
import microtome.model.generate.Generation;
import microtome.model.store.ModelFiles;
import microtome.model.token.TokenSequence;

/**
 * A greedy text against {@code generate} of transformers in F32: with the weights in F32 and as the file stores them. The
 * texts are the same, token by token, before anything is timed.
 */
final class GenerateBench implements Benchmark {
    private static final int PROMPT = 16;
    private static final int TOKENS = 64;
    private static final double WARM_UP_SECONDS = 4;
    private static final Turns TURNS = new Turns(WARM_UP_SECONDS, 1, 7);

    /**
     * One form of the weights.
     *
     * @param bound how many times the speed of transformers was promised
     */
    private record Form(Weights weights, double bound) {}

    private static final List<Form> FORMS = List.of(new Form(Weights.F32, 2.5), new Form(Weights.AS_STORED, 6));

    private final ModelFiles files;
    private final Optional<Peers> peers;

    GenerateBench(ModelFiles files, Optional<Peers> peers) {
        this.files = files;
        this.peers = peers;
    }

    @Override
    public List<Result> run() {
        if (peers.isEmpty()) {
            return results(TURNS.take(ours()), "nothing; there is no peer here", "none");
        }
        try (var server = peers.get().server("generate.py")) {
            Map<?, ?> loaded = server.ask(Map.of("do", "load", "threads", threads()));
            String checked = checked(server);
            var contenders = new ArrayList<>(ours());
            contenders.add(Contender.of(
                    "transformers, generate",
                    () -> ((Number) server.ask(request()).get("seconds")).doubleValue()));
            return results(
                    TURNS.take(contenders),
                    checked,
                    "transformers %s, torch %s, %s threads"
                            .formatted(loaded.get("transformers"), loaded.get("torch"), loaded.get("threads")));
        }
    }

    private List<Contender> ours() {
        return FORMS.stream().map(form -> writing(form.weights())).toList();
    }

    /** Loads the model for its turn only, as threads of idle engines slow others down; the first text touches the memory. */
    private Contender writing(Weights weights) {
        return Contender.of("microtome, weights " + weights.label(), () -> {
            try (var model = load(weights)) {
                Generation request = generation(model);
                request.run(model);
                return request.run(model).seconds();
            }
        });
    }

    private LanguageModel load(Weights weights) {
        return LanguageModel.load(files, LoadOptions.DEFAULT.weights(weights));
    }

    private static Generation generation(LanguageModel model) {
        return Generation.of(TokenSequence.ofIds(prompt(model))).tokens(TOKENS).pastEndOfText();
    }

    private static int[] prompt(LanguageModel model) {
        return Arrays.copyOf(model.tokenizer().encode(Passage.text()).ids(), PROMPT);
    }

    private Map<String, Object> request() {
        try (var model = load(Weights.AS_STORED)) {
            return request(model);
        }
    }

    private static Map<String, Object> request(LanguageModel model) {
        return Map.of(
                "do", "generate", "ids", Arrays.stream(prompt(model)).boxed().toList(), "tokens", TOKENS);
    }

    /** Compares the tokens; different ones are not timed. */
    private String checked(PeerServer server) {
        for (Form form : FORMS) {
            try (var model = load(form.weights())) {
                List<Integer> ours = Arrays.stream(
                                generation(model).run(model).first().ids())
                        .boxed()
                        .toList();
                List<Integer> theirs = ((List<?>) server.ask(request(model)).get("ids"))
                        .stream().map(id -> ((Number) id).intValue()).toList();
                if (!ours.equals(theirs)) {
                    throw new WrongResult(
                            "generate, weights %s: not timed, because the texts part at token %d of %d: %s and %s"
                                    .formatted(form.weights().label(), parting(ours, theirs), TOKENS, ours, theirs));
                }
            }
        }
        return "all %d tokens are those of transformers, with weights in both forms".formatted(TOKENS);
    }

    private static int parting(List<Integer> ours, List<Integer> theirs) {
        return IntStream.range(0, Math.min(ours.size(), theirs.size()))
                .filter(i -> !ours.get(i).equals(theirs.get(i)))
                .findFirst()
                .orElse(Math.min(ours.size(), theirs.size()));
    }

    private List<Result> results(List<Timings> timings, String checked, String peer) {
        var results = new ArrayList<Result>();
        for (int i = 0; i < FORMS.size(); i++) {
            results.add(
                    result(FORMS.get(i), timings.get(i), timings.subList(FORMS.size(), timings.size()), checked, peer));
        }
        return results;
    }

    private static Result result(Form form, Timings ours, List<Timings> theirs, String checked, String peer) {
        var facts = new LinkedHashMap<String, Object>();
        facts.put("checked", checked);
        facts.put("peer", peer);
        facts.put("tokens per second", "%.1f".formatted(TOKENS / ours.median()));
        boolean holds = true;
        if (!theirs.isEmpty()) {
            double ratio = ours.speedOver(theirs.getFirst());
            holds = ratio >= form.bound();
            facts.put(
                    "faster than transformers",
                    "%.2f x (bound %.1f)%s".formatted(ratio, form.bound(), holds ? "" : ": MISSES"));
        }
        var all = new ArrayList<>(List.of(ours));
        all.addAll(theirs);
        String title = "generate: %d tokens greedily after a prompt of %d, weights %s"
                .formatted(TOKENS, PROMPT, form.weights().label());
        return new Result(title, all, facts, holds);
    }

    private int threads() {
        try (var model = load(Weights.AS_STORED)) {
            String threads = model.engine().device().facts().get("threads");
            return threads == null ? Runtime.getRuntime().availableProcessors() : Integer.parseInt(threads);
        }
    }
}
