package microtome.display;

import java.util.LinkedHashMap;
import java.util.Map;

/** Sets one attribute deep in a layout, leaving the layout that was given as it was. */
final class LayoutPath {
    private LayoutPath() {}

    static Map<String, Object> set(Map<String, Object> layout, String dottedPath, Object value) {
        if (dottedPath.isBlank()
                || dottedPath.startsWith(".")
                || dottedPath.endsWith(".")
                || dottedPath.contains("..")) {
            throw new IllegalArgumentException(
                    "layout path \"%s\": need names with dots between, for example xaxis.title.text"
                            .formatted(dottedPath));
        }
        if (dottedPath.endsWith("titlefont")) {
            throw new IllegalArgumentException("layout path \"%s\": Plotly dropped titlefont; use %s"
                    .formatted(dottedPath, dottedPath.replace("titlefont", "title.font")));
        }
        return set(layout, dottedPath, dottedPath, value);
    }

    private static Map<String, Object> set(Map<String, Object> node, String path, String whole, Object value) {
        var copy = new LinkedHashMap<>(node);
        var dot = path.indexOf('.');
        if (dot < 0) {
            copy.put(path, path.equals("title") && value instanceof String text ? Map.of("text", text) : value);
            return copy;
        }
        var name = path.substring(0, dot);
        copy.put(name, set(child(copy.get(name), name, whole), path.substring(dot + 1), whole, value));
        return copy;
    }

    private static Map<String, Object> child(Object value, String name, String whole) {
        var child = new LinkedHashMap<String, Object>();
        switch (value) {
            case null -> {}
            case Map<?, ?> map -> map.forEach((key, inner) -> child.put(key.toString(), inner));
            default ->
                throw new IllegalArgumentException("layout path \"%s\": %s holds %s, which has no parts; set %s itself"
                        .formatted(whole, name, value, name));
        }
        return child;
    }
}
