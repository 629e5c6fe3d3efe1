package microtome.cli.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import microtome.model.LanguageModel;
import microtome.model.Precision;
import microtome.model.token.TokenSequence;

/**
 * The programs that harvest what we harvest: {@code transformers} always, TransformerLens and nnsight where their
 * environment is set up. Before anything is timed, ours is compared with {@code transformers} in F32, and the others with
 * ours in the precision in hand.
 */
final class HarvestPeers implements AutoCloseable {
    private final PeerServer transformers;
    private final Map<String, PeerServer> hooked = new LinkedHashMap<>();
    private final Path states = temporaryFile();

    HarvestPeers(Peers peers) {
        this.transformers = peers.server();
        peers.hooked("hooked.py", "transformer_lens").ifPresent(server -> hooked.put("TransformerLens", server));
        peers.hooked("hooked.py", "nnsight").ifPresent(server -> hooked.put("nnsight", server));
    }

    /** Loads all, compares, and gives those that may be timed; what was found goes to the facts. */
    List<HarvestPeer> checked(
            LanguageModel model, List<TokenSequence> sequences, Precision precision, Map<String, Object> facts) {
        var headless = new HarvestPeer(transformers, "transformers, base model without head", "none", true, sequences);
        load(transformers, Precision.F32, model);
        headless.keep(states);
        facts.put("checked", StatesCheck.of(model, sequences, states).within(StatesCheck.bounds(precision)));
        Map<?, ?> loaded = load(transformers, precision, model);
        facts.put(
                "peer",
                "transformers %s, torch %s, %s threads"
                        .formatted(loaded.get("transformers"), loaded.get("torch"), loaded.get("threads")));
        var peers = new ArrayList<HarvestPeer>();
        peers.add(headless);
        peers.add(new HarvestPeer(transformers, "transformers, usual call with logits", "all", false, sequences));
        hooked.forEach((name, server) -> {
            String version = load(server, precision, model).get("version").toString();
            var peer = new HarvestPeer(server, name, "all", false, sequences);
            peer.keep(states);
            facts.put(
                    name,
                    version + "; ours "
                            + StatesCheck.of(model, sequences, states).withinOfPeer(name, precision));
            peers.add(peer);
        });
        if (hooked.isEmpty()) {
            facts.put("TransformerLens and nnsight", "not set up here; %s lens".formatted(Peers.SET_UP));
        }
        return peers;
    }

    private static Map<?, ?> load(PeerServer server, Precision precision, LanguageModel model) {
        return server.ask(Map.of("do", "load", "dtype", dtype(precision), "threads", threads(model)));
    }

    private static String dtype(Precision precision) {
        return switch (precision) {
            case F32 -> "f32";
            case BF16 -> "bf16";
        };
    }

    private static int threads(LanguageModel model) {
        String threads = model.engine().device().facts().get("threads");
        return threads == null ? Runtime.getRuntime().availableProcessors() : Integer.parseInt(threads);
    }

    private static Path temporaryFile() {
        try {
            return Files.createTempFile("microtome-states", ".safetensors");
        } catch (IOException failure) {
            throw new UncheckedIOException("no temporary file for the peers' states", failure);
        }
    }

    @Override
    public void close() {
        transformers.close();
        hooked.values().forEach(PeerServer::close);
        try {
            Files.deleteIfExists(states);
        } catch (IOException leftBehind) {
            throw new UncheckedIOException(states + ": cannot be removed", leftBehind);
        }
    }
}
