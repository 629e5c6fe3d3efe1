package microtome.probe.update;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import microtome.probe.data.Average;
import microtome.probe.data.Vectors;
import microtome.tensor.Engine;

/** Held-out tokens of one block: states before and behind it and their differences. Tokens that it did not move are left out. */
final class HeldOut {
    /** What is left of equal numbers after their mean was taken away in double precision, squared. */
    private static final double NOISE = Math.scalb(1.0, -80);

    private final int width;
    private final float[] before;
    private final double[][] states;
    private final double[][] updates;
    private final int dropped;

    /**
     * @param before {@code [tokens, width]}
     * @param after {@code [tokens, width]}
     */
    HeldOut(float[] before, float[] after, int width) {
        int[] moved = IntStream.range(0, before.length / width)
                .filter(row -> Rows.isMoved(before, after, row * width, width))
                .toArray();
        this.width = width;
        this.dropped = before.length / width - moved.length;
        this.before = new float[moved.length * width];
        this.states = new double[moved.length][];
        this.updates = new double[moved.length][];
        for (int i = 0; i < moved.length; i++) {
            System.arraycopy(before, moved[i] * width, this.before, i * width, width);
            states[i] = Rows.row(before, moved[i], width);
            updates[i] = Rows.row(after, moved[i], width);
            UpdateMap.add(-1, states[i], updates[i]);
        }
    }

    int tokens() {
        return updates.length;
    }

    /** Tokens that were left out. */
    int dropped() {
        return dropped;
    }

    Measured measure(Engine engine, UpdateFit.Fitted fitted) {
        if (fitted.map() == null) {
            return Measured.missing(fitted.kind(), fitted.reason());
        }
        if (tokens() == 0) {
            return Measured.missing(fitted.kind(), "the block moves none of the held-out tokens");
        }
        double[][] tokenwise = fitted.map().updates(engine, before);
        var residual = new double[tokens()][];
        double residualEnergy = 0;
        for (int i = 0; i < residual.length; i++) {
            residual[i] = updates[i].clone();
            UpdateMap.add(-1, tokenwise[i], residual[i]);
            residualEnergy += Vectors.dot(residual[i], residual[i]);
        }
        var subspace = DominantSubspace.of(tokenwise);
        Average update = average(i -> Vectors.cosine(updates[i], tokenwise[i]));
        Average left = average(i -> Vectors.cosine(updates[i], residual[i]));
        double spread = spread();
        boolean isVarying = spread
                > NOISE
                        * Arrays.stream(updates)
                                .mapToDouble(each -> Vectors.dot(each, each))
                                .sum();
        return new Measured(
                fitted.kind(),
                average(i -> stateCosine(i, tokenwise[i])).value(),
                update.value(),
                left.value(),
                average(i -> Vectors.norm(residual[i]) / Vectors.norm(updates[i]))
                        .value(),
                isVarying ? 1 - residualEnergy / spread : Double.NaN,
                subspace.dimensions(),
                average(i -> subspace.share(updates[i])).value(),
                average(i -> subspace.share(tokenwise[i])).value(),
                average(i -> subspace.share(residual[i])).value(),
                tokens(),
                update.leftOut(),
                left.leftOut(),
                "");
    }

    private double stateCosine(int token, double[] tokenwise) {
        double[] mapped = states[token].clone();
        UpdateMap.add(1, tokenwise, mapped);
        double[] after = states[token].clone();
        UpdateMap.add(1, updates[token], after);
        return Vectors.cosine(after, mapped);
    }

    private double spread() {
        var mean = new double[width];
        for (double[] update : updates) {
            UpdateMap.add(1.0 / tokens(), update, mean);
        }
        return Arrays.stream(updates)
                .mapToDouble(update -> {
                    double[] centred = update.clone();
                    UpdateMap.add(-1, mean, centred);
                    return Vectors.dot(centred, centred);
                })
                .sum();
    }

    private Average average(IntToDoubleFunction ofToken) {
        return Average.of(IntStream.range(0, tokens()).mapToDouble(ofToken).toArray());
    }
}
