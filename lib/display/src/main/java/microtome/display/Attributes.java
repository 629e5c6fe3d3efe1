package microtome.display;

import java.util.LinkedHashMap;

/** Attributes of a figure in the order in which they were given. */
final class Attributes extends LinkedHashMap<String, Object> {
    private static final long serialVersionUID = 1L;

    /** Adds an attribute and returns this, so that a tree reads as it is shaped. */
    Attributes with(String name, Object value) {
        put(name, value);
        return this;
    }
}
