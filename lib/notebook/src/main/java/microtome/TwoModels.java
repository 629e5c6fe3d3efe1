package microtome;

import java.util.Map;
import microtome.display.Card;
import microtome.display.Displayable;
import microtome.model.LanguageModel;

/** A plan to lay two models beside each other. Nothing is computed yet. */
public final class TwoModels implements Displayable {
    private final LanguageModel first;
    private final LanguageModel second;

    TwoModels(LanguageModel first, LanguageModel second) {
        this.first = first;
        this.second = second;
    }

    /** The card of the first and of the second model. */
    public Card card() {
        return Card.of("two models")
                .row("first", first.card().name())
                .row("second", second.card().name());
    }

    @Override
    public Map<String, Object> mimeBundle() {
        return card().mimeBundle();
    }
}
