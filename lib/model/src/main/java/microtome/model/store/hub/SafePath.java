package microtome.model.store.hub;

import java.util.Arrays;

/** Names of files and revisions that come from outside and become paths: none may lead out of its folder. */
final class SafePath {
    private SafePath() {}

    /** Whether a name with {@code /} between its parts stays below the folder that it is resolved in, on every system. */
    static boolean isSafe(String name) {
        return Arrays.stream(name.split("/", -1)).allMatch(SafePath::isSafePart);
    }

    private static boolean isSafePart(String part) {
        boolean plain = part.chars().noneMatch(letter -> letter < ' ' || letter == '\\' || letter == ':');
        return plain && !part.isEmpty() && !part.equals(".") && !part.equals("..");
    }
}
