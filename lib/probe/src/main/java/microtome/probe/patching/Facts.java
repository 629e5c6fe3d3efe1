package microtome.probe.patching;

import java.util.LinkedHashMap;
import microtome.display.Explanation;

/** Facts of an explanation that are made of labels of tokens, in which blanks are visible already. */
final class Facts {
    private Facts() {}

    static Explanation labelled(Explanation explanation, String key, String labels) {
        var facts = new LinkedHashMap<>(explanation.facts());
        facts.put(key, labels);
        return new Explanation(
                explanation.name(), explanation.formula(), facts, explanation.paper(), explanation.notes());
    }
}
