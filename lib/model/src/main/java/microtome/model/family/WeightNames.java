package microtome.model.family;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import microtome.model.config.Role;

/** Where the files of a family have the numbers of every role. */
public final class WeightNames {
    private final Map<Role, Source> sources;

    private WeightNames(Map<Role, Source> sources) {
        this.sources = sources;
    }

    /** None yet. */
    public static WeightNames none() {
        return new WeightNames(new EnumMap<>(Role.class));
    }

    /** And a role whose numbers are a whole tensor. */
    public WeightNames with(Role role, String name) {
        return with(role, new Source(name, new Source.Whole(), false));
    }

    /** And a role that a model may be without. */
    public WeightNames maybe(Role role, String name) {
        return with(role, new Source(name, new Source.Whole(), true));
    }

    /** And a role whose numbers lie in a tensor in some way. */
    public WeightNames with(Role role, String name, Source.Layout layout) {
        return with(role, new Source(name, layout, false));
    }

    /** And a role that a model may be without, whose numbers lie in a tensor in some way. */
    public WeightNames maybe(Role role, String name, Source.Layout layout) {
        return with(role, new Source(name, layout, true));
    }

    /** And a role with its bias, {@code name.weight} and {@code name.bias}. */
    public WeightNames withBias(Role role, Role bias, String name) {
        return with(role, name + ".weight").with(bias, name + ".bias");
    }

    /** And a role with a bias that a model may be without. */
    public WeightNames maybeBias(Role role, Role bias, String name) {
        return with(role, name + ".weight").maybe(bias, name + ".bias");
    }

    /** Without some roles. */
    public WeightNames without(Role... roles) {
        var fewer = copy();
        for (Role role : roles) {
            fewer.remove(role);
        }
        return new WeightNames(fewer);
    }

    private WeightNames with(Role role, Source source) {
        var more = copy();
        more.put(role, source);
        return new WeightNames(more);
    }

    private Map<Role, Source> copy() {
        var copy = new EnumMap<Role, Source>(Role.class);
        copy.putAll(sources);
        return copy;
    }

    /** Where a role's numbers are. */
    public Optional<Source> source(Role role) {
        return Optional.ofNullable(sources.get(role));
    }
}
