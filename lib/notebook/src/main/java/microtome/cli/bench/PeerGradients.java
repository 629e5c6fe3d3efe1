package microtome.cli.bench;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import microtome.cli.bench.LogitGradients.Logits;
import microtome.cli.bench.LogitGradients.Pass;

/** The gradients of {@link LogitGradients} in {@code transformers}. */
final class PeerGradients {
    private final PeerServer server;
    private final List<Integer> ids;
    private final List<Integer> answers;

    PeerGradients(PeerServer server, int[] ids, int[] answers) {
        this.server = server;
        this.ids = Arrays.stream(ids).boxed().toList();
        this.answers = Arrays.stream(answers).boxed().toList();
    }

    /** Loads the model and says who the peer is. */
    String load(int threads) {
        Map<?, ?> loaded = server.ask(Map.of("do", "load", "threads", threads));
        return "transformers %s, torch %s, %s threads"
                .formatted(loaded.get("transformers"), loaded.get("torch"), loaded.get("threads"));
    }

    /** Runs both ways once. */
    Pass take(Logits logits) {
        var reply = server.ask(request(logits));
        return new Pass(number(reply, "forward_seconds"), number(reply, "backward_seconds"));
    }

    /** Runs once and writes the gradients to a file. */
    void keep(Logits logits, String file) {
        var request = request(logits);
        request.put("keep", file);
        server.ask(request);
    }

    private Map<String, Object> request(Logits logits) {
        var request = new LinkedHashMap<String, Object>();
        request.put("do", "gradients");
        request.put("ids", ids);
        request.put("answers", answers);
        request.put("logits", logits.name().toLowerCase(Locale.ROOT));
        return request;
    }

    private static double number(Map<?, ?> reply, String name) {
        return ((Number) reply.get(name)).doubleValue();
    }
}
