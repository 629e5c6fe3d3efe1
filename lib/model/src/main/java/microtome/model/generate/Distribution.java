package microtome.model.generate;

import java.util.Arrays;

/**
 * What is left of a model's distribution after temperature, top-k, top-p and min-p, as weights relative to the likeliest
 * token's: no weight is above 1, and those filtered out are 0.
 */
record Distribution(double[] weights, double total) {

    static Distribution of(Sampling sampling, float[] logits) {
        float largest = Logits.largest(logits);
        float least = sampling.topK() > 0 && sampling.topK() < logits.length
                ? Logits.largest(logits, sampling.topK())
                : Float.NEGATIVE_INFINITY;
        var weights = new double[logits.length];
        for (int id = 0; id < logits.length; id++) {
            weights[id] = logits[id] < least ? 0 : Math.exp(((double) logits[id] - largest) / sampling.temperature());
        }
        if (sampling.topP() < 1) {
            keepSmallestSet(weights, sampling.topP());
        }
        if (sampling.minP() > 0) {
            keepFrom(weights, sampling.minP()); // the likeliest has weight 1
        }
        return new Distribution(weights, sum(weights));
    }

    /** Keeps tokens, likeliest first, until their sum is the share of the total; the lowest id first among equals. */
    private static void keepSmallestSet(double[] weights, double share) {
        double total = sum(weights);
        // Tokens below this weigh less than (1 - share) of the total even together, so the set needs none of them.
        double least = total * (1 - share) / (2.0 * weights.length);
        Integer[] order = candidates(weights, least);
        double before = 0;
        int kept = 0;
        while (kept < order.length && (kept == 0 || before < share * total)) {
            before += weights[order[kept++]];
        }
        var smallest = new double[weights.length];
        for (int i = 0; i < kept; i++) {
            smallest[order[i]] = weights[order[i]];
        }
        System.arraycopy(smallest, 0, weights, 0, weights.length);
    }

    private static Integer[] candidates(double[] weights, double least) {
        var ids = new Integer[weights.length];
        int count = 0;
        for (int id = 0; id < weights.length; id++) {
            if (weights[id] > least) {
                ids[count++] = id;
            }
        }
        Integer[] order = Arrays.copyOf(ids, count);
        Arrays.sort(order, (left, right) -> Double.compare(weights[right], weights[left])); // stable
        return order;
    }

    private static void keepFrom(double[] weights, double least) {
        for (int id = 0; id < weights.length; id++) {
            if (weights[id] < least) {
                weights[id] = 0;
            }
        }
    }

    private static double sum(double[] weights) {
        double sum = 0;
        for (double weight : weights) {
            sum += weight;
        }
        return sum;
    }

    /** The token at which the sum of probabilities, by ascending id, passes a number in [0, 1). */
    int at(double uniform) {
        double target = uniform * total;
        double sum = 0;
        int last = 0;
        for (int id = 0; id < weights.length; id++) {
            if (weights[id] > 0) {
                sum += weights[id];
                last = id;
                if (sum > target) {
                    return id;
                }
            }
        }
        return last;
    }

    double[] probabilities() {
        return Arrays.stream(weights).map(weight -> weight / total).toArray();
    }
}
