package microtome.cli.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import microtome.model.store.ModelFiles;

/**
 * Whole processes from their start to the first logits of a text: ours from the model as it lies in the store, the peer
 * from the same weights converted to what it loads fastest.
 */
final class StartBench implements Benchmark {
    private static final String TEXT = "The capital of France is";
    private static final Turns TURNS = new Turns(1, 5);

    /** Ten times the float noise that two F32 implementations of this model show in a logit. */
    private static final double LOGIT_BOUND = 3e-4;

    private final ModelFiles files;
    private final Optional<Peers> peers;

    StartBench(ModelFiles files, Optional<Peers> peers) {
        this.files = files;
        this.peers = peers;
    }

    @Override
    public List<Result> run() {
        List<String> ours =
                JavaProcess.command(FirstLogits.class, files.weights().toString(), TEXT);
        var facts = new LinkedHashMap<String, Object>();
        Map<?, ?> first = WholeProcess.run(ours).lines().getFirst();
        facts.put(
                "inside our process",
                "load %.3f s, tokens to logits %.3f s; the rest is the virtual machine"
                        .formatted(number(first, "load"), number(first, "forward")));
        if (peers.isEmpty()) {
            facts.put("peers", "none; " + Peers.SET_UP);
            return List.of(Result.timed(title(), TURNS.take(List.of(process("microtome", ours))), facts));
        }
        List<String> theirs = peers.get().startCommand(TEXT);
        facts.put("checked", agreement(first, WholeProcess.run(theirs).lines().getFirst()));
        return List.of(Result.timed(
                title(),
                TURNS.take(List.of(
                        process("microtome, from " + files.weights().getFileName(), ours),
                        process("transformers, from converted safetensors", theirs))),
                facts));
    }

    private static String title() {
        return "start: from process start to the first logits of \"%s\", with tokenizer".formatted(TEXT);
    }

    /** Says how far the two agree, or fails: a benchmark of a wrong result says nothing. */
    static String agreement(Map<?, ?> ours, Map<?, ?> theirs) {
        double difference = Math.abs(number(ours, "logit") - number(theirs, "logit"));
        boolean sameTokens =
                ours.get("ids").equals(theirs.get("ids")) && ours.get("best").equals(theirs.get("best"));
        if (!sameTokens || !(difference <= LOGIT_BOUND)) {
            throw new WrongResult(
                    "not timed, because the results differ: ours %s, the peer's %s".formatted(ours, theirs));
        }
        return "same token ids, same most likely next token %s, its logit differs by %.1e (bound %.0e)"
                .formatted(ours.get("best"), difference, LOGIT_BOUND);
    }

    private static Contender process(String name, List<String> command) {
        return Contender.of(name, () -> WholeProcess.run(command).seconds());
    }

    private static double number(Map<?, ?> line, String name) {
        return ((Number) line.get(name)).doubleValue();
    }
}
