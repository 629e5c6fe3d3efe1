package microtome.display;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/** Walks a figure beside Plotly's published schema and tells where they differ. */
final class PlotlySchema {
    private static final Pattern COLOR = Pattern.compile("#[0-9a-f]{6}|rgba\\(\\d{1,3},\\d{1,3},\\d{1,3},[0-9.]+\\)");

    private final Map<String, Object> schema = load();
    private final List<String> problems = new ArrayList<>();

    /** Every place where {@code figure}, a tree of data, layout, frames and config, breaks the schema. */
    static List<String> problems(Map<String, Object> figure) {
        var walker = new PlotlySchema();
        walker.walk(figure);
        return walker.problems;
    }

    private void walk(Map<String, Object> figure) {
        for (var key : figure.keySet()) {
            if (!List.of("data", "layout", "frames", "config").contains(key)) {
                problems.add(key + ": no part of a figure");
            }
        }
        traces((List<?>) figure.get("data"), "data");
        container(object(figure.get("layout")), object(schema.get("layout")), "layout");
        container(object(figure.get("config")), object(schema.get("config")), "config");
        var frames = (List<?>) figure.getOrDefault("frames", List.of());
        for (int index = 0; index < frames.size(); index++) {
            var place = "frames[" + index + "]";
            var frame = object(frames.get(index));
            container(frame, object(schema.get("frame")), place);
            traces((List<?>) frame.get("data"), place + ".data");
        }
        steps(object(figure.get("layout")), frames);
    }

    /** Slider steps animate to frames that exist, with options that animations have. */
    private void steps(Map<String, Object> layout, List<?> frames) {
        var names = frames.stream().map(frame -> object(frame).get("name")).toList();
        for (var slider : (List<?>) layout.getOrDefault("sliders", List.of())) {
            for (var step : (List<?>) object(slider).get("steps")) {
                var arguments = (List<?>) object(step).get("args");
                if (!names.containsAll((List<?>) arguments.getFirst())) {
                    problems.add("slider step %s: no such frame".formatted(arguments.getFirst()));
                }
                container(object(arguments.getLast()), object(schema.get("animation")), "slider step options");
            }
        }
    }

    private void traces(List<?> traces, String place) {
        for (int index = 0; index < traces.size(); index++) {
            var trace = object(traces.get(index));
            var here = place + "[" + index + "]";
            var attributes = object(schema.get("traces")).get(Objects.toString(trace.get("type")));
            if (attributes == null) {
                problems.add(here + ".type: unknown trace " + trace.get("type"));
                continue;
            }
            for (var entry : trace.entrySet()) {
                if (!entry.getKey().equals("type")) {
                    attribute(entry.getValue(), object(attributes).get(entry.getKey()), here + "." + entry.getKey());
                }
            }
        }
    }

    private void container(Map<String, Object> value, Map<String, Object> attributes, String place) {
        value.forEach((key, inner) -> attribute(inner, find(attributes, key), place + "." + key));
    }

    /** The attribute {@code key}; {@code xaxis2} is found as {@code xaxis}. */
    private static Object find(Map<String, Object> attributes, String key) {
        var plain = key.replaceFirst("([2-9]|[1-9][0-9]+)$", "");
        return attributes.get(key) instanceof Map<?, ?> exact
                ? exact
                : attributes.get(plain) instanceof Map<?, ?> subplot && subplot.containsKey("_isSubplotObj")
                        ? subplot
                        : null;
    }

    private void attribute(Object value, Object definition, String place) {
        if (definition == null) {
            problems.add(place + ": unknown attribute");
            return;
        }
        var attribute = object(definition);
        if (attribute.containsKey("valType")) {
            leaf(value, attribute, place);
        } else if (attribute.get("items") instanceof Map<?, ?> items) {
            elements(value, object(items.values().iterator().next()), place);
        } else if (value instanceof Map<?, ?>) {
            container(object(value), attribute, place);
        } else {
            problems.add("%s: must be an object, not %s".formatted(place, value));
        }
    }

    private void elements(Object value, Map<String, Object> attributes, String place) {
        if (!(value instanceof List<?> list)) {
            problems.add("%s: must be a list, not %s".formatted(place, value));
            return;
        }
        for (int index = 0; index < list.size(); index++) {
            container(object(list.get(index)), attributes, place + "[" + index + "]");
        }
    }

    private void leaf(Object value, Map<String, Object> attribute, String place) {
        var type = (String) attribute.get("valType");
        var many = Boolean.TRUE.equals(attribute.get("arrayOk")) && value instanceof List<?>;
        if (many) {
            ((List<?>) value).forEach(element -> leafValue(element, type, attribute, place + "[]"));
        } else {
            leafValue(value, type, attribute, place);
        }
    }

    private void leafValue(Object value, String type, Map<String, Object> attribute, String place) {
        var fits = switch (type) {
            case "any" -> true;
            case "number" -> value instanceof Number number && inRange(number, attribute);
            case "integer" ->
                value instanceof Number number
                        && number.doubleValue() == Math.rint(number.doubleValue())
                        && inRange(number, attribute);
            case "angle" -> value instanceof Number number && Math.abs(number.doubleValue()) <= 180;
            case "boolean" -> value instanceof Boolean;
            case "string" -> value instanceof String;
            case "color" -> value instanceof String text && COLOR.matcher(text).matches();
            case "colorscale" -> isColorScale(value);
            case "data_array" -> value instanceof List<?>;
            case "enumerated" -> isOneOf(value, (List<?>) attribute.get("values"));
            case "flaglist" -> isFlags(value, attribute);
            case "subplotid" ->
                value instanceof String text && text.matches(attribute.get("dflt") + "([2-9]|[1-9][0-9]+)?");
            case "info_array" -> isInfoArray(value, attribute, place);
            default -> false;
        };
        if (!fits) {
            problems.add("%s: %s is no %s".formatted(place, value, type));
        }
    }

    private boolean isInfoArray(Object value, Map<String, Object> attribute, String place) {
        if (!(value instanceof List<?> list)) {
            return false;
        }
        if (attribute.get("items") instanceof List<?> items) {
            for (int index = 0; index < Math.min(items.size(), list.size()); index++) {
                leaf(list.get(index), object(items.get(index)), place + "[" + index + "]");
            }
            return list.size() == items.size() || Boolean.TRUE.equals(attribute.get("freeLength"));
        }
        list.forEach(element -> leaf(element, object(attribute.get("items")), place + "[]"));
        return true;
    }

    private static boolean inRange(Number number, Map<String, Object> attribute) {
        return !(attribute.get("min") instanceof Number low && number.doubleValue() < low.doubleValue())
                && !(attribute.get("max") instanceof Number high && number.doubleValue() > high.doubleValue());
    }

    /** Enumerated values between slashes are regular expressions. */
    private static boolean isOneOf(Object value, List<?> values) {
        return values.stream()
                .anyMatch(allowed -> allowed.equals(value)
                        || allowed instanceof String text
                                && text.startsWith("/")
                                && value instanceof String given
                                && given.matches(text.substring(1, text.length() - 1)));
    }

    private static boolean isFlags(Object value, Map<String, Object> attribute) {
        return ((List<?>) attribute.getOrDefault("extras", List.of())).contains(value)
                || value instanceof String text
                        && ((List<?>) attribute.get("flags")).containsAll(List.of(text.split("\\+")));
    }

    private static boolean isColorScale(Object value) {
        if (!(value instanceof List<?> pairs) || pairs.size() < 2) {
            return false;
        }
        var before = -1.0;
        for (var element : pairs) {
            var pair = (List<?>) element;
            var share = ((Number) pair.getFirst()).doubleValue();
            if (share <= before || !COLOR.matcher((String) pair.getLast()).matches()) {
                return false;
            }
            before = share;
        }
        return ((Number) ((List<?>) pairs.getFirst()).getFirst()).doubleValue() == 0 && before == 1;
    }

    @SuppressWarnings("unchecked") // JSON objects have string keys
    private static Map<String, Object> object(Object node) {
        return (Map<String, Object>) node;
    }

    private static Map<String, Object> load() {
        try (var stream = PlotlySchema.class.getResourceAsStream("plot-schema.json.gz");
                var text = new GZIPInputStream(Objects.requireNonNull(stream, "plot-schema.json.gz"))) {
            return object(Json.read(new String(text.readAllBytes(), StandardCharsets.UTF_8)));
        } catch (IOException wrong) {
            throw new UncheckedIOException(wrong);
        }
    }
}
