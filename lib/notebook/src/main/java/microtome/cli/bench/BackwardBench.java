package microtome.cli.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import microtome.cli.bench.LogitGradients.Logits;
import microtome.cli.bench.LogitGradients.Pass;
import microtome.model.LanguageModel;
import microtome.model.LoadOptions;
import microtome.model.store.ModelFiles;

/**
 * The gradient of a logit difference with respect to the residual stream at every depth, 1 x 64 tokens in F32, against
 * {@code transformers} with frozen weights: backwards alone over a stored forward pass, and both together. Then several
 * differences over one stored pass, batched and one by one.
 */
final class BackwardBench implements Benchmark {
    private static final int POSITIONS = 64;
    private static final int[] ANSWERS = {7042, 7268}; // " Paris" and " Rome"
    private static final int MANY = 8;
    private static final int SHORT = 8; // positions, where one gradient alone leaves the processor waiting for weights
    private static final double WARM_UP_SECONDS = 3;
    private static final Turns TURNS = new Turns(WARM_UP_SECONDS, 1, 9);
    private static final Turns LONG_TURNS = new Turns(WARM_UP_SECONDS, 1, 5);

    private final ModelFiles files;
    private final Optional<Peers> peers;

    BackwardBench(ModelFiles files, Optional<Peers> peers) {
        this.files = files;
        this.peers = peers;
    }

    @Override
    public List<Result> run() {
        try (var model = LanguageModel.load(files, LoadOptions.DEFAULT)) {
            int[] passage = model.tokenizer().encode(Passage.text()).ids();
            var gradients = new LogitGradients(model, Arrays.copyOf(passage, POSITIONS), ANSWERS);
            var results = new ArrayList<Result>();
            if (peers.isEmpty()) {
                results.addAll(timed(gradients, Optional.empty(), Map.of("checked", "nothing; " + Peers.SET_UP)));
            } else {
                try (var server = peers.get().server("backward.py")) {
                    var peer = new PeerGradients(server, gradients.ids(), ANSWERS);
                    results.addAll(timed(gradients, Optional.of(peer), checked(gradients, peer)));
                }
            }
            results.add(many(gradients));
            results.add(many(new LogitGradients(model, Arrays.copyOf(passage, SHORT), ANSWERS)));
            return results;
        }
    }

    private static Map<String, Object> checked(LogitGradients ours, PeerGradients peer) {
        var facts = new LinkedHashMap<String, Object>();
        facts.put("peer", peer.load(threads(ours.model())));
        facts.put("checked", GradientsCheck.of(ours, peer));
        return facts;
    }

    private static List<Result> timed(LogitGradients ours, Optional<PeerGradients> peer, Map<String, Object> checks) {
        var results = new ArrayList<Result>();
        for (Logits logits : Logits.values()) {
            results.add(timed(ours, peer, logits, "backwards over a stored pass", Pass::backward, checks));
        }
        results.add(timed(ours, peer, Logits.LAST, "forwards and backwards", Pass::both, checks));
        return results;
    }

    private static Result timed(
            LogitGradients ours,
            Optional<PeerGradients> peer,
            Logits logits,
            String what,
            ToDoubleFunction<Pass> seconds,
            Map<String, Object> checks) {
        var contenders = new ArrayList<Contender>();
        contenders.add(Contender.of("microtome", () -> seconds.applyAsDouble(ours.take(logits))));
        peer.ifPresent(
                found -> contenders.add(Contender.of("transformers", () -> seconds.applyAsDouble(found.take(logits)))));
        var facts = new LinkedHashMap<>(checks);
        facts.put("device", ours.model().card().device());
        String title = "backward: a logit difference to the residual stream at every depth, 1 x %d tokens, %s; %s"
                .formatted(POSITIONS, logits.text(), what);
        return Result.timed(title, TURNS.take(contenders), facts);
    }

    private static Result many(LogitGradients gradients) {
        var facts = new LinkedHashMap<String, Object>();
        facts.put("checked", GradientsCheck.ofBatch(gradients, MANY));
        List<Contender> contenders = List.of(
                Contender.of("microtome, one batch", () -> gradients.takeBatch(MANY)),
                Contender.of("microtome, one by one", () -> gradients.takeOneByOne(MANY)));
        String title = "backward: %d logit differences over one stored pass, 1 x %d tokens"
                .formatted(MANY, gradients.ids().length);
        return Result.timed(title, LONG_TURNS.take(contenders), facts);
    }

    private static int threads(LanguageModel model) {
        String threads = model.engine().device().facts().get("threads");
        return threads == null ? Runtime.getRuntime().availableProcessors() : Integer.parseInt(threads);
    }
}
