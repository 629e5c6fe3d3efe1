package microtome.cli.bench;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import microtome.model.token.TokenSequence;

/**
 * A Python library that harvests the residual stream at every depth of the model it has loaded.
 *
 * @param name in the report
 * @param way what its server calls this way of calling it
 * @param headless whether it computes no logits
 */
record HarvestPeer(PeerServer server, String name, String way, boolean headless, List<TokenSequence> sequences)
        implements Contender {

    @Override
    public double seconds() {
        return ((Number) server.ask(request(null)).get("seconds")).doubleValue();
    }

    /** Runs once and writes the states to a file. */
    void keep(Path file) {
        server.ask(request(file.toString()));
    }

    private Map<String, Object> request(String keep) {
        var request = new LinkedHashMap<String, Object>();
        request.put("do", "harvest");
        request.put(
                "ids",
                sequences.stream()
                        .map(each -> Arrays.stream(each.ids()).boxed().toList())
                        .toList());
        request.put("logits", way);
        request.put("keep", keep);
        return request;
    }
}
