package microtome.model.family;

import java.util.List;
import java.util.ServiceLoader;
import microtome.model.format.Nearest;

/** Every family that was found by {@link ServiceLoader}. */
public final class Families {
    private Families() {}

    /**
     * The family of this name.
     *
     * @param source the file that names it, for the message
     */
    public static Family named(String name, String source) {
        List<Family> known = ServiceLoader.load(Family.class, Families.class.getClassLoader()).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
        return known.stream()
                .filter(family -> family.names().contains(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(message(name, source, known)));
    }

    private static String message(String name, String source, List<Family> known) {
        List<String> names = known.stream()
                .flatMap(family -> family.names().stream())
                .distinct()
                .sorted()
                .toList();
        if (name.isEmpty()) {
            return "%s: there is no 'model_type', which says what family the model is of; known families are %s"
                    .formatted(source, String.join(", ", names));
        }
        return "%s: models of family '%s' cannot be read; nearest: %s; known families are %s"
                .formatted(source, name, String.join(", ", Nearest.names(name, names)), String.join(", ", names));
    }
}
