package microtome.cli.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import microtome.display.Json;
import microtome.model.LanguageModel;
import microtome.model.LoadOptions;
import microtome.model.Site;
import microtome.model.store.ModelStore;

/** A process of its own that loads a model again and again, as a loop in a cell does, and reports its memory after each. */
public final class RepeatedLoads {
    private RepeatedLoads() {}

    /** Takes the name of a model, a text, and how often to load. */
    public static void main(String[] arguments) {
        var resident = new ArrayList<Long>();
        for (int load = 0; load < Integer.parseInt(arguments[2]); load++) {
            var store = ModelStore.standard();
            try (var model = LanguageModel.load(store.resolve(arguments[0]), LoadOptions.DEFAULT)) {
                model.activations(model.tokenizer().encode(arguments[1]), List.of(Site.logits()));
                System.gc();
                resident.add(ResidentMemory.ofThisProcess().anonymous());
            }
        }
        var line = new LinkedHashMap<String, Object>();
        line.put("anonymous", resident);
        System.out.println(Json.write(line));
        System.exit(0);
    }
}
