package microtome.probe.data.prompt;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import microtome.display.Card;
import microtome.display.Displayable;
import microtome.model.LanguageModel;
import microtome.model.Site;
import microtome.probe.data.ModelFacts;
import microtome.probe.data.Origin;
import microtome.probe.data.PositionRule;

/**
 * One vector per prompt and layer. As the value of a cell it shows how many there are, of what, and what to be wary of.
 *
 * @param prompts whose states these are
 * @param layers what the layers are called, such as {@code emb, 1, 2}
 * @param states {@code [layers][prompts][width]}
 * @param origin model, prompts, and what to be wary of
 */
public record PromptStates(PromptSet prompts, List<String> layers, float[][][] states, Origin origin)
        implements Displayable {
    /** Checks that there is a matrix for each layer with a row for each prompt. */
    public PromptStates {
        layers = List.copyOf(layers);
        if (states.length != layers.size() || states.length == 0) {
            throw new IllegalArgumentException(
                    "states of %d layers with %d names; need a name each, and at least one layer"
                            .formatted(states.length, layers.size()));
        }
        for (int layer = 0; layer < states.length; layer++) {
            if (states[layer].length != prompts.size()) {
                throw new IllegalArgumentException("layer %s has %d states for %d prompts"
                        .formatted(layers.get(layer), states[layer].length, prompts.size()));
            }
        }
    }

    /**
     * What every depth of the residual stream, from the embedding to the last block, holds at the end of each prompt.
     *
     * @throws IllegalArgumentException if a prompt is too long, or has not the position
     * @throws ArithmeticException if a value is not finite; names site, prompt and position
     */
    public static PromptStates read(LanguageModel model, PromptSet set, PositionRule rule) {
        return read(model, set, rule, residual(model));
    }

    /**
     * What some sites hold of each prompt. Prompts of one length run together; an interrupt ends it, and what was read until
     * then is given back with a remark. The mean over positions is computed in double precision and rounded once.
     *
     * @param sites of one vector per position, all equally wide; in the order in which they shall be in the result
     * @throws IllegalArgumentException if a prompt is too long, or has not the position, or for other sites
     * @throws ArithmeticException if a value is not finite; names site, prompt and position
     * @throws microtome.display.InterruptedWorkException if it was interrupted before anything was read
     */
    public static PromptStates read(LanguageModel model, PromptSet set, PositionRule rule, List<Site> sites) {
        return new PromptReading(model, PromptTokens.of(model, set, rule), sites).read();
    }

    /**
     * What some sites hold at the word of each prompt: at its last token, if it has several.
     *
     * @throws IllegalArgumentException as the other one, and if a prompt has no word, or one that does not begin and end where
     *     tokens do
     */
    public static PromptStates readWords(LanguageModel model, PromptSet set, List<Site> sites) {
        return new PromptReading(model, PromptTokens.ofWords(model, set), sites).read();
    }

    /** Every depth of a model's residual stream, from the embedding to the last block. */
    public static List<Site> residual(LanguageModel model) {
        return IntStream.rangeClosed(0, model.config().blocks())
                .mapToObj(Site::residual)
                .toList();
    }

    /** Elements of a state. */
    public int width() {
        return states[0][0].length;
    }

    @Override
    public Map<String, Object> mimeBundle() {
        return card().mimeBundle();
    }

    private Card card() {
        Card card = Card.of("states of '%s'".formatted(prompts.name()))
                .row("layers", "%d: %s".formatted(layers.size(), String.join(", ", layers)))
                .row("prompts", prompts.size())
                .row("width", width())
                .row("inputs", origin.inputs());
        for (ModelFacts model : origin.models()) {
            card = card.row("model", model.name(), model.precision());
        }
        for (String remark : origin.remarks()) {
            card = card.row("beware", remark);
        }
        return card;
    }

    @Override
    public String toString() {
        return card().plainText();
    }
}
