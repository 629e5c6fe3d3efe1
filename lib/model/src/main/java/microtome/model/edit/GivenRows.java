package microtome.model.edit;

import java.util.Arrays;
import microtome.model.Values;
import microtome.tensor.Engine;
import microtome.tensor.Shape;
import microtome.tensor.Tensor;

/** Given values as they are needed by one pass: its positions of them, its keys of them. */
record GivenRows(SiteAxes axes, Values values) {

    /** How many positions the values have, or -1 when they are the same at every position. */
    int positions() {
        return extent(axes.positionAxis());
    }

    /** The extent of an axis of the full rank, or -1 where the values have no such axis. */
    private int extent(int axis) {
        int own = axis - (axes.rank() - values.shape().rank());
        return own < 0 ? -1 : Math.toIntExact(values.shape().extent(own));
    }

    /** The positions from {@code first} to the result (excluded) of a pass have values of their own. */
    int end(int first, int count) {
        return positions() < 0 ? first + count : Math.min(first + count, positions());
    }

    /** The values for the positions of a pass, of full rank, to be broadcast; rows that are not there are 0. */
    Tensor on(Engine engine, int first, int count, long keys) {
        var extents = new long[axes.rank()];
        Arrays.fill(extents, 1);
        long[] own = values.shape().extents();
        System.arraycopy(own, 0, extents, extents.length - own.length, own.length);
        Tensor given = engine.tensor(values.array(), extents);
        if (axes.byHead()) {
            given = fitted(given, 3, 0, Math.toIntExact(keys), axes.isMasked() ? Double.NEGATIVE_INFINITY : 0);
        }
        return positions() < 0 ? given : fitted(given, axes.positionAxis(), first, count, 0);
    }

    private static Tensor fitted(Tensor given, int axis, int first, int count, double filling) {
        long there = given.extent(axis);
        long end = Math.min(there, (long) first + count);
        Tensor part = first == 0 && end == there ? given : given.slice(axis, first, end);
        long missing = count - (end - first);
        return missing == 0 ? part : part.pad(axis, 0, missing, filling);
    }

    /** Whether the shape of the whole is this already, so that nothing has to be broadcast. */
    static Tensor broadcast(Tensor given, Shape shape) {
        return given.shape().equals(shape) ? given : given.broadcast(shape.extents());
    }
}
