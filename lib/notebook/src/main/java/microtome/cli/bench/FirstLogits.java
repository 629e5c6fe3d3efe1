package microtome.cli.bench;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import microtome.display.Json;
import microtome.model.Harvest;
import microtome.model.LanguageModel;
import microtome.model.LoadOptions;
import microtome.model.Site;
import microtome.model.store.ModelStore;
import microtome.model.token.TokenSequence;

/**
 * A process of its own for {@code bench start} and {@code bench memory}: loads a model, runs a text to its logits and
 * prints one JSON line, as {@code environment/peers/start.py} does. The caller takes the time.
 */
public final class FirstLogits {
    private FirstLogits() {}

    /** Takes the name of a model and a text. */
    public static void main(String[] arguments) {
        long began = System.nanoTime();
        long before = ResidentMemory.isKnown() ? ResidentMemory.ofThisProcess().now() : 0;
        LanguageModel model = LanguageModel.load(ModelStore.standard().resolve(arguments[0]), LoadOptions.DEFAULT);
        long loaded = System.nanoTime();
        long peakOfLoad =
                ResidentMemory.isKnown() ? ResidentMemory.ofThisProcess().peak() : 0;
        TokenSequence tokens = model.tokenizer().encode(arguments[1]);
        float[] logits = lastLogits(model, tokens);
        int best = 0;
        for (int id = 1; id < logits.length; id++) {
            best = logits[id] > logits[best] ? id : best;
        }
        var line = new LinkedHashMap<String, Object>();
        line.put("load", (loaded - began) / 1e9);
        line.put("forward", (System.nanoTime() - loaded) / 1e9);
        line.put("ids", Arrays.stream(tokens.ids()).boxed().toList());
        line.put("best", best);
        line.put("logit", logits[best]);
        System.out.println(Json.write(line));
        var memory = memory(model);
        memory.put("before", before);
        memory.put("peak_of_load", peakOfLoad);
        System.out.println(Json.write(memory));
        System.exit(0);
    }

    private static float[] lastLogits(LanguageModel model, TokenSequence tokens) {
        try (var scope = model.engine().openScope()) {
            var harvest = new Harvest(scope, List.of(Site.logits()));
            model.run(List.of(tokens), harvest);
            float[] all = harvest.get(Site.logits()).toFloats();
            int vocabulary = model.config().vocabulary();
            return Arrays.copyOfRange(all, all.length - vocabulary, all.length);
        }
    }

    private static LinkedHashMap<String, Object> memory(LanguageModel model) {
        var memory = new LinkedHashMap<String, Object>();
        memory.put("f32_weight_bytes", Float.BYTES * model.card().parameters());
        if (ResidentMemory.isKnown()) {
            ResidentMemory resident = ResidentMemory.ofThisProcess();
            memory.put("peak", resident.peak());
            memory.put("now", resident.now());
            memory.put("anonymous", resident.anonymous());
        }
        return memory;
    }
}
