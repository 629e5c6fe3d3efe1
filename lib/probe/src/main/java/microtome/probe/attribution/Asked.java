package microtome.probe.attribution;

import java.util.LinkedHashMap;
import java.util.List;
import microtome.display.Explanation;
import microtome.probe.data.Provenance;

/**
 * What a result remembers of its question, without the model.
 *
 * @param label the metric in words
 * @param rounded whether products were computed in BF16
 * @param cap of the logits; 0 for none
 */
record Asked(Provenance provenance, String label, int position, boolean rounded, float cap) {

    boolean isCapped() {
        return cap > 0;
    }

    /** The metric and where it was read, such as {@code logit of ␣Paris − ␣Rome after ␣is (position 4)}. */
    String text() {
        return "%s after %s (position %d)".formatted(label, provenance.label(position), position);
    }

    List<String> labels() {
        return provenance.labels();
    }

    Explanation explanation(String name, String formula) {
        var facts = new LinkedHashMap<String, String>();
        facts.put("metric", label); // its tokens are visible already
        facts.put("position", Integer.toString(position));
        Explanation explanation = provenance.on(new Explanation(name, formula, facts, null, List.of()));
        if (isCapped()) {
            explanation = explanation.note(
                    "logits count as they are before the family caps them to ±%s".formatted(Float.toString(cap)));
        }
        return rounded
                ? explanation.note(
                        "products were computed in BF16, with about 3 significant digits; load the model in F32 for numbers to compare")
                : explanation;
    }
}
