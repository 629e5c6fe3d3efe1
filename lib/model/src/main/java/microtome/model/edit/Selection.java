package microtome.model.edit;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import microtome.tensor.Engine;
import microtome.tensor.Tensor;

/**
 * Which elements of a value an edit reaches in one pass.
 *
 * @param place with absolute positions
 * @param first the position of the first row of the pass
 * @param end rows at this position and behind it are not reached
 */
record Selection(Place place, int first, int end) {

    /** The edited value where selected, else the value as it was. */
    Tensor choose(Tensor value, Tensor edited) {
        return reachesAll(value) ? edited : mask(value).where(edited, value);
    }

    private boolean reachesAll(Tensor value) {
        int count = count(value);
        boolean positions = first + count <= end
                && place.positions().spans().stream()
                        .anyMatch(span -> span.first() <= first && span.last() >= first + count - 1);
        return positions && reachesAll(place.heads(), heads(value)) && reachesAll(place.sequences(), value.extent(0));
    }

    private static boolean reachesAll(List<Integer> chosen, long all) {
        return chosen.isEmpty() || chosen.stream().distinct().count() == all;
    }

    private int count(Tensor value) {
        return Math.toIntExact(value.extent(axes(value).positionAxis()));
    }

    private long heads(Tensor value) {
        return axes(value).hasHeads() ? value.extent(axes(value).headAxis()) : 1;
    }

    private SiteAxes axes(Tensor value) {
        return SiteAxes.of(place.kind(), value);
    }

    /** 1 where selected, else 0; axes along which all are alike have extent 1. */
    private Tensor mask(Tensor value) {
        SiteAxes axes = axes(value);
        var extents = new long[axes.rank()];
        Arrays.fill(extents, 1);
        Engine engine = value.engine();
        extents[axes.positionAxis()] = count(value);
        Tensor mask = engine.tensor(
                ones(count(value), row -> first + row < end && place.positions().has(first + row)), extents);
        if (!place.heads().isEmpty()) {
            mask = mask.times(along(value, axes.headAxis(), place.heads()));
        }
        if (!place.sequences().isEmpty()) {
            mask = mask.times(along(value, 0, place.sequences()));
        }
        return mask;
    }

    private static Tensor along(Tensor value, int axis, List<Integer> chosen) {
        var extents = new long[value.shape().rank()];
        Arrays.fill(extents, 1);
        extents[axis] = value.extent(axis);
        return value.engine().tensor(ones(Math.toIntExact(extents[axis]), chosen::contains), extents);
    }

    private static float[] ones(int count, IntPredicate selected) {
        var ones = new float[count];
        for (int i = 0; i < count; i++) {
            ones[i] = selected.test(i) ? 1 : 0;
        }
        return ones;
    }
}
