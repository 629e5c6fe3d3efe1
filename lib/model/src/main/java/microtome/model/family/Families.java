package microtome.model.family;

import java.util.List;
import java.util.ServiceLoader;

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
                .filter(family -> family.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "%s: models of family '%s' cannot be read yet; known families are %s"
                                .formatted(
                                        source,
                                        name,
                                        known.stream()
                                                .map(Family::name)
                                                .sorted()
                                                .toList())));
    }
}
