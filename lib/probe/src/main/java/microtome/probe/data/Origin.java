package microtome.probe.data;

import java.util.ArrayList;
import java.util.List;
import microtome.display.Explanation;
import microtome.model.LanguageModel;

/**
 * Where the numbers of a result over many inputs come from; {@link Provenance} says that of a single run.
 *
 * @param models the models that computed them: none for numbers that were given, two where models are compared
 * @param inputs the inputs in words, such as {@code 90 prompts of "categories"}
 * @param sha256 of the inputs, or empty when they were not read again to be summed
 * @param remarks what was left out and why, and what a reader should be wary of, one line each
 */
public record Origin(List<ModelFacts> models, String inputs, String sha256, List<String> remarks) {
    /** Keeps copies. */
    public Origin {
        models = List.copyOf(models);
        remarks = List.copyOf(remarks);
    }

    /** Numbers that a model computed from inputs. */
    public static Origin of(LanguageModel model, String inputs, String sha256) {
        return new Origin(List.of(ModelFacts.of(model)), inputs, sha256, List.of());
    }

    /** Numbers that were given, not computed by a model. */
    public static Origin given(String inputs) {
        return new Origin(List.of(), inputs, "", List.of());
    }

    /** This origin with one more line to be wary of. */
    public Origin remark(String line) {
        var all = new ArrayList<>(remarks);
        all.add(line);
        return new Origin(models, inputs, sha256, all);
    }

    /** This origin with another model beside the first. */
    public Origin and(LanguageModel model) {
        var all = new ArrayList<>(models);
        all.add(ModelFacts.of(model));
        return new Origin(all, inputs, sha256, remarks);
    }

    /** An explanation with these facts and remarks added; facts of a second model carry a 2. */
    public Explanation on(Explanation explanation) {
        Explanation full = explanation.fact("inputs", inputs);
        if (!sha256.isEmpty()) {
            full = full.fact("sha256 of the inputs", sha256);
        }
        for (int index = 0; index < models.size(); index++) {
            String which = index == 0 ? "" : " " + (index + 1);
            for (var fact : models.get(index).facts().entrySet()) {
                full = full.fact(fact.getKey() + which, fact.getValue());
            }
        }
        for (String remark : remarks) {
            full = full.note(remark);
        }
        return full;
    }
}
