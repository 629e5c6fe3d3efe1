package microtome.model.token;

import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.JinjavaConfig;
import com.hubspot.jinjava.LegacyOverrides;
import com.hubspot.jinjava.interpret.RenderResult;
import com.hubspot.jinjava.interpret.TemplateError;
import com.hubspot.jinjava.lib.fn.ELFunctionDefinition;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The Jinja template that turns a conversation into one text, rendered as {@code transformers} renders it: blocks
 * trimmed, the contents of messages neither interpreted nor escaped. Only this class touches the template engine, which takes a third
 * of a second to load.
 */
final class ChatTemplate {
    private static final long LONGEST_OUTPUT = 1 << 24;

    /** What a template says when it calls {@code raise_exception}. */
    private static final class Refusal extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Refusal(String message) {
            super(message);
        }
    }

    private ChatTemplate() {}

    static String render(String template, List<Message> messages, Map<String, Object> variables) {
        Map<String, Object> bindings = new HashMap<>(variables);
        List<Map<String, String>> turns = new ArrayList<>();
        messages.forEach(message -> turns.add(Map.of("role", message.role(), "content", message.content())));
        bindings.put("messages", turns);
        RenderResult result = Engine.JINJA.renderForResult(withoutLastNewline(template), bindings);
        if (result.hasErrors()) {
            throw refused(result.getErrors().getFirst());
        }
        return result.getOutput();
    }

    /** Jinja drops one newline at the end of a template. */
    private static String withoutLastNewline(String template) {
        return template.endsWith("\n") ? template.substring(0, template.length() - 1) : template;
    }

    private static IllegalArgumentException refused(TemplateError error) {
        for (Throwable cause = error.getException(); cause != null; cause = cause.getCause()) {
            if (cause instanceof Refusal) {
                return new IllegalArgumentException("the chat template refuses these messages: " + cause.getMessage());
            }
        }
        return new IllegalArgumentException(
                "the chat template cannot be rendered: line %d: %s".formatted(error.getLineno(), error.getMessage()),
                error.getException());
    }

    /** Called by templates. */
    static Object raise(String message) {
        throw new Refusal(message);
    }

    private static final class Engine {
        static final Jinjava JINJA = new Jinjava(JinjavaConfig.newBuilder()
                .withTrimBlocks(true)
                .withLstripBlocks(true)
                .withNestedInterpretationEnabled(false)
                .withMaxOutputSize(LONGEST_OUTPUT)
                .withLegacyOverrides(LegacyOverrides.newBuilder()
                        .withEvaluateMapKeys(true)
                        .withIterateOverMapKeys(true)
                        .withUseNaturalOperatorPrecedence(true)
                        .withParseWhitespaceControlStrictly(true)
                        .withUseTrimmingForNotesAndExpressions(true)
                        .withAllowAdjacentTextNodes(true)
                        .build())
                .build());

        static {
            try {
                Method raise = ChatTemplate.class.getDeclaredMethod("raise", String.class);
                raise.setAccessible(true);
                JINJA.getGlobalContext().registerFunction(new ELFunctionDefinition("", "raise_exception", raise));
            } catch (NoSuchMethodException impossible) {
                throw new AssertionError(impossible);
            }
        }
    }
}
