package microtome.model.token.chat;

import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.JinjavaConfig;
import com.hubspot.jinjava.LegacyOverrides;
import com.hubspot.jinjava.el.JinjavaInterpreterResolver;
import com.hubspot.jinjava.interpret.Context;
import com.hubspot.jinjava.interpret.RenderResult;
import com.hubspot.jinjava.interpret.TemplateError;
import com.hubspot.jinjava.lib.fn.ELFunctionDefinition;
import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The Jinja template that turns a conversation into one text, rendered as {@code transformers} renders it: blocks
 * trimmed, the contents of messages neither interpreted nor escaped, with its functions and the methods of Python's
 * texts. Only what is named Template… touches the engine, which takes a third of a second to load.
 */
public final class ChatTemplate {
    private static final long LONGEST_OUTPUT = 1 << 24;
    private static final String RAISE = "raise_exception";
    private static final String NOW = "strftime_now";

    private ChatTemplate() {}

    /**
     * The text of a conversation.
     *
     * @param turns {@code role} and {@code content} of every message, in this order
     * @throws IllegalArgumentException when the template refuses the messages or is none
     */
    public static String render(String template, List<Map<String, String>> turns, Map<String, ?> variables) {
        Map<String, Object> bindings = new HashMap<>();
        // So that templates that ask whether a function is defined learn that it is.
        bindings.put(RAISE, RAISE);
        bindings.put(NOW, NOW);
        bindings.putAll(variables);
        bindings.put("messages", turns);
        RenderResult result = Engine.JINJA.renderForResult(TemplateSource.adapted(template), bindings);
        if (result.hasErrors()) {
            throw refused(result.getErrors().getFirst());
        }
        return result.getOutput();
    }

    private static IllegalArgumentException refused(TemplateError error) {
        for (Throwable cause = error.getException(); cause != null; cause = cause.getCause()) {
            if (cause instanceof TemplateFunctions.Refusal) {
                return new IllegalArgumentException("the chat template refuses these messages: " + cause.getMessage());
            }
        }
        return new IllegalArgumentException(
                "the chat template cannot be rendered: line %d: %s".formatted(error.getLineno(), error.getMessage()),
                error.getException());
    }

    private static final class Engine {
        static final Jinjava JINJA = new Jinjava(JinjavaConfig.newBuilder()
                .withNestedInterpretationEnabled(false)
                .withMaxOutputSize(LONGEST_OUTPUT)
                .withElResolver(TemplateMethods.before(JinjavaInterpreterResolver.DEFAULT_RESOLVER_READ_ONLY))
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
            Context context = JINJA.getGlobalContext();
            register(context, RAISE, "raise");
            register(context, NOW, "now");
            context.registerFilter(new TemplateFilters.Trim());
            context.registerFilter(new TemplateFilters.ToJson());
            context.registerTag(new TemplateFilters.Generation());
        }

        private static void register(Context context, String name, String method) {
            try {
                Method function = TemplateFunctions.class.getDeclaredMethod(method, String.class);
                function.setAccessible(true);
                context.registerFunction(new ELFunctionDefinition("", name, function));
            } catch (NoSuchMethodException impossible) {
                throw new AssertionError(impossible);
            }
        }
    }
}
