package microtome.kernel;

import java.util.Map;
import java.util.function.Function;
import microtome.display.Displayable;
import microtome.display.MimeTypes;
import org.dflib.jjava.jupyter.kernel.display.DisplayData;
import org.dflib.jjava.jupyter.kernel.display.Renderer;

/** Teaches JJava's renderer our values, and arrays of numbers. */
final class JJavaRendering {
    private JJavaRendering() {}

    static void register(Renderer renderer) {
        add(renderer, Displayable.class, Displayable::mimeBundle);
        add(renderer, double[].class, text(ArrayText::of));
        add(renderer, float[].class, text(ArrayText::of));
        add(renderer, int[].class, text(ArrayText::of));
        add(renderer, long[].class, text(ArrayText::of));
        add(renderer, double[][].class, text(ArrayText::of));
        add(renderer, float[][].class, text(ArrayText::of));
        add(renderer, int[][].class, text(ArrayText::of));
    }

    /** The whole bundle of a value, in the kernel's own type. */
    static DisplayData data(Displayable value) {
        var data = new DisplayData();
        value.mimeBundle().forEach(data::putData);
        return data;
    }

    private static <T> void add(Renderer renderer, Class<T> type, Function<T, Map<String, Object>> bundle) {
        renderer.createRegistration(type)
                .supporting(MimeTypes.PLOTLY, MimeTypes.HTML, MimeTypes.PNG, MimeTypes.TEXT)
                .preferring(MimeTypes.HTML)
                .register((value, context) -> {
                    var data = context.getOutputContainer();
                    computed(value, bundle).forEach(data::putData);
                });
    }

    /** JJava survives an exception while it shows a value, but not an error. */
    private static <T> Map<String, Object> computed(T value, Function<T, Map<String, Object>> bundle) {
        try {
            return bundle.apply(value);
        } catch (Error error) {
            throw new IllegalStateException(
                    "showing the %s failed: %s".formatted(value.getClass().getSimpleName(), error), error);
        }
    }

    private static <T> Function<T, Map<String, Object>> text(Function<T, String> form) {
        return value -> Map.of(MimeTypes.TEXT, form.apply(value));
    }
}
