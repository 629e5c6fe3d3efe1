package microtome.model.token.definition;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Which tokens the post-processor of a {@code tokenizer.json} puts around every text, for people. */
final class Framing {
    private final List<String> before = new ArrayList<>();
    private final List<String> after = new ArrayList<>();

    private Framing() {}

    static String rule(JsonNode postProcessor) {
        Framing framing = new Framing();
        framing.read(postProcessor);
        String what = "'%s' before and '%s' behind a text"
                .formatted(String.join("", framing.before), String.join("", framing.after));
        if (framing.before.isEmpty()) {
            what = framing.after.isEmpty()
                    ? "nothing to a text"
                    : "'%s' behind a text".formatted(String.join("", framing.after));
        } else if (framing.after.isEmpty()) {
            what = "'%s' before a text".formatted(String.join("", framing.before));
        }
        return "adds " + what;
    }

    private void read(JsonNode step) {
        switch (step.path("type").asText()) {
            case "Sequence" -> step.path("processors").forEach(this::read);
            case "TemplateProcessing" -> readTemplate(step.path("single"));
            case "BertProcessing", "RobertaProcessing" -> {
                before.add(step.path("cls").path(0).asText());
                after.add(step.path("sep").path(0).asText());
            }
            default -> {
                // The other kinds touch offsets only.
            }
        }
    }

    private void readTemplate(JsonNode pieces) {
        List<String> side = before;
        for (JsonNode piece : pieces) {
            if (piece.has("Sequence")) {
                side = after;
            } else {
                side.add(piece.path("SpecialToken").path("id").asText());
            }
        }
    }
}
