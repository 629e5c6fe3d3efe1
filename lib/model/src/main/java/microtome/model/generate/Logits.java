package microtome.model.generate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** Scores of the next token that have left the engine, one per id. */
final class Logits {
    private Logits() {}

    /** The largest logit. */
    static float largest(float[] logits) {
        return logits[likeliest(logits)];
    }

    /** The id of the largest logit, the lowest on a tie. */
    static int likeliest(float[] logits) {
        int best = 0;
        for (int id = 0; id < logits.length; id++) {
            if (Float.isNaN(logits[id])) {
                throw new IllegalArgumentException(
                        "the logit of token %d is NaN, so no next token can be chosen; look for the first NaN among the sites, and at the edits before it"
                                .formatted(id));
            }
            best = logits[id] > logits[best] ? id : best;
        }
        if (Float.isInfinite(logits[best])) {
            throw new IllegalArgumentException(
                    "the largest logit is %s (token %d), so no next token can be chosen; an edit has to leave a finite one as the largest"
                            .formatted(logits[best], best));
        }
        return best;
    }

    /** The value of the {@code count}-th largest. */
    static float largest(float[] logits, int count) {
        float[] values = logits.clone();
        int wanted = values.length - count; // its place in ascending order
        int from = 0;
        int to = values.length - 1;
        while (from < to) {
            float middle = values[(from + to) >>> 1];
            int left = from;
            int right = to;
            while (left <= right) {
                while (values[left] < middle) {
                    left++;
                }
                while (values[right] > middle) {
                    right--;
                }
                if (left <= right) {
                    float moved = values[left];
                    values[left++] = values[right];
                    values[right--] = moved;
                }
            }
            if (wanted <= right) {
                to = right;
            } else if (wanted >= left) {
                from = left;
            } else {
                return values[wanted];
            }
        }
        return values[wanted];
    }

    /** Ids of the largest logits, largest first, the lowest id first among equals. */
    static List<Integer> likeliest(float[] logits, int count) {
        Comparator<Integer> worstFirst =
                Comparator.<Integer>comparingDouble(id -> logits[id]).thenComparing(Comparator.reverseOrder());
        var best = new PriorityQueue<>(worstFirst);
        for (int id = 0; id < logits.length; id++) {
            if (best.size() < count) {
                best.add(id);
            } else if (count > 0 && logits[id] > logits[best.peek()]) {
                best.poll();
                best.add(id);
            }
        }
        var ids = new ArrayList<>(best);
        ids.sort(worstFirst.reversed());
        return List.copyOf(ids);
    }

    /** {@code log(sum(e^logit))}, in double. */
    static double logSumExp(float[] logits) {
        double largest = largest(logits);
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit - largest);
        }
        return largest + Math.log(sum);
    }
}
