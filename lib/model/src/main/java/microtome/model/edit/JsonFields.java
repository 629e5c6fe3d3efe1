package microtome.model.edit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One object of a JSON tree, read by name.
 *
 * @param what it stands for; begins every message
 */
record JsonFields(String what, Map<?, ?> fields) {
    JsonFields(String what, Object tree) {
        this(what, map(what, tree));
    }

    private static Map<?, ?> map(String what, Object tree) {
        if (tree instanceof Map<?, ?> map) {
            return map;
        }
        throw new IllegalArgumentException("%s: expected a JSON object, found %s".formatted(what, shortened(tree)));
    }

    boolean has(String name) {
        return fields.get(name) != null;
    }

    List<String> names() {
        return fields.keySet().stream().map(String::valueOf).toList();
    }

    JsonFields child(String name) {
        return new JsonFields("%s, %s".formatted(what, name), required(name));
    }

    String text(String name) {
        if (required(name) instanceof String text) {
            return text;
        }
        throw wrong(name, fields.get(name), "a text");
    }

    int integer(String name) {
        if (required(name) instanceof Integer number) {
            return number;
        }
        throw wrong(name, fields.get(name), "a whole number");
    }

    double number(String name) {
        if (required(name) instanceof Number number) {
            return number.doubleValue();
        }
        throw wrong(name, fields.get(name), "a number");
    }

    List<?> list(String name) {
        if (required(name) instanceof List<?> list) {
            return list;
        }
        throw wrong(name, fields.get(name), "a list");
    }

    List<Integer> integers(String name) {
        var numbers = new ArrayList<Integer>();
        for (Object each : list(name)) {
            if (!(each instanceof Integer number)) {
                throw wrong(name, each, "whole numbers");
            }
            numbers.add(number);
        }
        return numbers;
    }

    IllegalArgumentException wrong(String name, Object found, String allowed) {
        return new IllegalArgumentException(
                "%s: \"%s\" is %s; allowed: %s".formatted(what, name, shortened(found), allowed));
    }

    private Object required(String name) {
        Object value = fields.get(name);
        if (value == null) {
            throw new IllegalArgumentException("%s: \"%s\" is missing; there are %s".formatted(what, name, names()));
        }
        return value;
    }

    private static String shortened(Object value) {
        String text = String.valueOf(value);
        return text.length() <= 80 ? text : text.substring(0, 80) + "…";
    }
}
