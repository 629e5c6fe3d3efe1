package microtome.probe.geometry;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import microtome.probe.data.PositionRule;

/** Measures the paths of all positions while their points come in layer by layer; keeps no more layers than it needs. */
final class PositionMeter {
    private final PositionQuantity quantity;
    private final int positions;
    private final Deque<float[]> recent = new ArrayDeque<>();
    private final List<double[]> measured = new ArrayList<>();

    PositionMeter(PositionQuantity quantity, int positions) {
        this.quantity = quantity;
        this.positions = positions;
    }

    /** The next layer, {@code [positions, width]}. */
    void add(float[] rows) {
        recent.addLast(rows);
        if (recent.size() < quantity.points()) {
            return;
        }
        var row = new double[positions];
        for (int position = 0; position < positions; position++) {
            row[position] = quantity.of(neighbours(position));
        }
        measured.add(row);
        recent.removeFirst();
    }

    /** {@code [steps or turns, positions]}. */
    double[][] values() {
        return measured.toArray(double[][]::new);
    }

    private double[][] neighbours(int position) {
        return recent.stream()
                .map(rows -> PositionRule.position(position).point(rows, positions))
                .toArray(double[][]::new);
    }
}
