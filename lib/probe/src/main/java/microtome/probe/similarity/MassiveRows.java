package microtome.probe.similarity;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import microtome.probe.data.Origin;

/** Whether few rows, far longer than most, carry so much of a layer that they alone decide how alike it is to others. */
final class MassiveRows {
    /** Squared lengths of ordinary tokens lie within a factor of about ten; massive activations are thousands apart. */
    private static final double TIMES_THE_MEDIAN = 25;

    /** From this part of a layer's squared length on, such rows are worth a remark. */
    private static final double SHARE = 0.25;

    private static final int MANY_ROWS = 20;

    private final List<String> layers = new ArrayList<>();
    private final List<Double> shares = new ArrayList<>();

    /** Looks at layers; of several batches the largest share counts. */
    void look(List<Centred> batch) {
        for (int index = 0; index < batch.size(); index++) {
            if (index == layers.size()) {
                layers.add(batch.get(index).name());
                shares.add(0.0);
            }
            shares.set(index, Math.max(shares.get(index), share(batch.get(index))));
        }
    }

    private static double share(Centred layer) {
        if (layer.isConstant() || layer.rows() < MANY_ROWS) {
            return 0;
        }
        double[] sorted = layer.squaredLengths().clone();
        Arrays.sort(sorted);
        double bound = TIMES_THE_MEDIAN * sorted[sorted.length / 2];
        return Arrays.stream(sorted).filter(squares -> squares > bound).sum() / layer.trace();
    }

    /** The origin, with a remark where there are such rows. */
    Origin on(Origin origin) {
        double most = 0;
        var named = new ArrayList<String>();
        for (int index = 0; index < layers.size(); index++) {
            if (shares.get(index) > SHARE) {
                named.add(layers.get(index));
                most = Math.max(most, shares.get(index));
            }
        }
        return named.isEmpty()
                ? origin
                : origin.remark(
                        "few rows, each more than 5 times as long as the median, carry up to %.0f %% of the squared length of layers %s: massive activations, at first positions or at some tokens anywhere, decide the result there"
                                .formatted(100 * most, String.join(", ", named)));
    }
}
