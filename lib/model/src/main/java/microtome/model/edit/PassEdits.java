package microtome.model.edit;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import microtome.model.Site;
import microtome.model.Tap;
import microtome.model.Values;
import microtome.tensor.DType;
import microtome.tensor.Engine;
import microtome.tensor.Tensor;

/** The edits that reach one pass, by site. Computes in F32 whatever the type of the value. */
final class PassEdits implements Tap {
    private final Map<Site, List<Edit>> edits;
    private final int first;
    private final int expected;

    /**
     * @param edits by site, in the order of application; own freezes are resolved, positions absolute
     * @param first the position of the first row of the pass
     * @param expected how many rows the pass is said to have
     */
    PassEdits(Map<Site, List<Edit>> edits, int first, int expected) {
        this.edits = edits;
        this.first = first;
        this.expected = expected;
    }

    @Override
    public boolean wants(Site site) {
        return edits.containsKey(site);
    }

    @Override
    public Tensor at(Site site, Tensor value) {
        SiteAxes axes = SiteAxes.of(site.kind(), value);
        long rows = value.extent(axes.positionAxis());
        if (rows != expected) {
            throw new IllegalStateException(
                    "edits of a pass of %d positions from %d on were given a pass of %d; attach the edits to the tokens that are run"
                            .formatted(expected, first, rows));
        }
        Engine engine = value.engine();
        try (var scope = engine.openScope()) {
            Tensor current = value;
            for (Edit edit : edits.get(site)) {
                current = apply(edit, site, current);
            }
            return scope.keep(current);
        }
    }

    private Tensor apply(Edit edit, Site site, Tensor value) {
        SiteAxes axes = SiteAxes.of(site.kind(), value);
        int end = first + expected;
        Optional<Values> given = given(edit.change(), site);
        if (given.isPresent()) {
            end = new GivenRows(axes, given.get()).end(first, expected);
        }
        if (!edit.place().positions().reach(first, end)) {
            return value;
        }
        var selection = new Selection(edit.place(), first, end);
        if (edit.change() instanceof Change.Custom custom) {
            return selection.choose(value, checked(custom, site, value));
        }
        Tensor edited = given.isPresent()
                ? put(new GivenRows(axes, given.get()), value)
                : computed(edit.change(), value, axes).cast(value.dtype());
        return selection.choose(value, edited);
    }

    static Optional<Values> given(Change change, Site site) {
        return switch (change) {
            case Change.Replace(Given values) -> Optional.of(values.at(site));
            case Change.Mean(Given mean) -> Optional.of(mean.at(site));
            case Change.Freeze(var run) -> run.map(values -> values.at(site));
            case Change.Zero _, Change.Add _, Change.Scale _, Change.ProjectOut _, Change.KeepOnly _, Change.Custom _ ->
                Optional.empty();
        };
    }

    private Tensor put(GivenRows rows, Tensor value) {
        Tensor given =
                rows.on(value.engine(), first, expected, value.extent(-1)).cast(value.dtype());
        return GivenRows.broadcast(given, value.shape());
    }

    private static Tensor computed(Change change, Tensor value, SiteAxes axes) {
        Tensor numbers = value.cast(DType.F32);
        Tensor edited = switch (change) {
            case Change.Zero() ->
                value.engine().filled(0, DType.F32, value.shape().extents());
            case Change.Add(Direction direction, double coefficient) ->
                numbers.plus(vector(value, direction).times(coefficient));
            case Change.Scale(double factor) -> numbers.times(factor);
            case Change.ProjectOut(Direction direction) -> numbers.minus(along(numbers, direction));
            case Change.KeepOnly(Direction direction) -> along(numbers, direction);
            case Change.Replace _, Change.Mean _, Change.Freeze _, Change.Custom _ ->
                throw new AssertionError(change.words() + " is not computed from the value");
        };
        return axes.isMasked() ? whereSeen(numbers, edited) : edited;
    }

    /** Minus infinity stays, since it says where attention may not look. */
    private static Tensor whereSeen(Tensor scores, Tensor edited) {
        Tensor lowest = scores.engine().filled(-Float.MAX_VALUE, DType.F32);
        return scores.less(lowest).where(scores, edited);
    }

    /** The part of every row along a direction. */
    private static Tensor along(Tensor numbers, Direction direction) {
        Tensor unit = vector(numbers, direction.unit());
        return numbers.times(unit).sum(-1).times(unit);
    }

    private static Tensor vector(Tensor value, Direction direction) {
        return value.engine().tensor(direction.numbers(), direction.width());
    }

    private static Tensor checked(Change.Custom custom, Site site, Tensor value) {
        Tensor answer = custom.function().apply(value);
        if (answer == null || !answer.type().equals(value.type())) {
            throw new IllegalArgumentException(
                    "custom edit '%s' at %s gave back %s; it has to be %s like the value there"
                            .formatted(custom.name(), site, answer == null ? "null" : answer.type(), value.type()));
        }
        return answer;
    }
}
