package microtome.probe.data;

import java.util.LinkedHashMap;
import java.util.Map;
import microtome.model.LanguageModel;
import microtome.model.ModelCard;

/**
 * Which model computed a number, and how.
 *
 * @param name the name it was loaded by
 * @param sha256 of its weight file, or empty when it was not computed
 * @param precision how it computed
 * @param device backend and processor
 * @param library version of this library
 */
public record ModelFacts(String name, String sha256, String precision, String device, String library) {
    /** The facts of a loaded model. */
    public static ModelFacts of(LanguageModel model) {
        ModelCard card = model.card();
        return new ModelFacts(
                card.name(), card.sha256(), card.computation(), card.device(), LanguageModel.libraryVersion());
    }

    /** These facts under the names that explanations show. */
    Map<String, Object> facts() {
        var facts = new LinkedHashMap<String, Object>();
        facts.put("model", name);
        facts.put("sha256", sha256.isEmpty() ? "not computed" : sha256);
        facts.put("precision", precision);
        facts.put("device", device);
        facts.put("library", "microtome " + library);
        return facts;
    }
}
