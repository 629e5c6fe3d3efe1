package microtome.tensor;

/** Values at places of the last axis, as rows of one value taken from a table of all values. */
final class Taking {
    private Taking() {}

    static Tensor along(Tensor input, Tensor places) {
        SelectionRule.requirePlaces(input.type(), places.type());
        try (var scope = input.engine().openScope()) {
            var table = input.reshape(-1, 1);
            return scope.keep(table.gather(flat(input.shape(), places))
                    .reshape(places.shape().extents()));
        }
    }

    /** Places among all elements; -1, which no table has, for a place outside its row. */
    static Tensor flat(Shape shape, Tensor places) {
        var engine = places.engine();
        int width = Math.toIntExact(shape.extent(-1));
        var rows = engine.indices(
                firstPlaces(shape, width), places.shape().with(-1, 1).extents());
        var tooLow = places.less(engine.filled(0, DType.I32));
        var tooHigh = engine.filled(width - 1, DType.I32).less(places);
        var outside = tooLow.plus(tooHigh); // 1 or 0
        var inside = engine.filled(1, DType.I32).minus(outside);
        return places.plus(rows).times(inside).minus(outside);
    }

    private static int[] firstPlaces(Shape shape, int width) {
        var first = new int[Math.toIntExact(shape.elements() / Math.max(1, width))];
        for (int row = 0; row < first.length; row++) {
            first[row] = Math.multiplyExact(row, width);
        }
        return first;
    }
}
