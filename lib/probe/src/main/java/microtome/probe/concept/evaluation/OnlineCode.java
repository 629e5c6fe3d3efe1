package microtome.probe.concept.evaluation;

import java.util.ArrayList;
import java.util.List;
import microtome.probe.concept.linear.LinearProbe;
import microtome.probe.concept.linear.LogisticOptions;
import microtome.probe.concept.linear.LogisticRegression;
import microtome.probe.concept.linear.Samples;

/**
 * How many bits it takes to send the classes of samples one block after the other, each with a probe that was fitted to all
 * blocks before: the description length of Voita and Titov. The first block, and blocks before which a class is missing, are sent
 * with the uniform code.
 *
 * @param ends where the blocks end
 * @param bits of every block
 * @param n samples
 * @param classes number of classes
 * @param finalBits bits of all classes under a probe that was fitted to all of them: the data term alone
 * @see <a href="https://arxiv.org/abs/2003.12298">Voita and Titov 2020</a>
 */
public record OnlineCode(int[] ends, double[] bits, int n, int classes, double finalBits) {
    private static final int FIRST = 8;

    /** Keeps copies. */
    public OnlineCode {
        ends = ends.clone();
        bits = bits.clone();
    }

    /** Block ends 8, 16, 32 … and all samples, the last block at least as large as all before it. */
    public static int[] doubling(int samples) {
        List<Integer> ends = new ArrayList<>();
        for (int end = FIRST; 2 * end <= samples; end *= 2) {
            ends.add(end);
        }
        ends.add(samples);
        return ends.stream().mapToInt(Integer::intValue).toArray();
    }

    /**
     * The code of samples in the order in which they are given: shuffle them first.
     *
     * @throws IllegalArgumentException if there is one class only
     */
    public static OnlineCode of(Samples samples, LogisticOptions options) {
        samples.requireEveryClass("online code");
        int[] ends = doubling(samples.size());
        var bits = new double[ends.length];
        int classes = samples.names().size();
        bits[0] = ends[0] * log2(classes);
        for (int block = 1; block < ends.length; block++) {
            Samples known = samples.between(0, ends[block - 1]);
            Samples next = samples.between(ends[block - 1], ends[block]);
            bits[block] = hasAll(known)
                    ? bits(LogisticRegression.fit(known, options).probe(), next)
                    : next.size() * log2(classes);
        }
        double last = bits(LogisticRegression.fit(samples, options).probe(), samples);
        return new OnlineCode(ends, bits, samples.size(), classes, last);
    }

    private static boolean hasAll(Samples samples) {
        for (int count : samples.counts()) {
            if (count == 0) {
                return false;
            }
        }
        return true;
    }

    private static double bits(LinearProbe probe, Samples samples) {
        return Evaluation.of(probe, samples).logLoss() * samples.size() / Math.log(2);
    }

    private static double log2(double x) {
        return Math.log(x) / Math.log(2);
    }

    /** Bits of all blocks together. */
    public double total() {
        double total = 0;
        for (double each : bits) {
            total += each;
        }
        return total;
    }

    /** How many times fewer bits than the uniform code; 1 for nothing learned. */
    public double compression() {
        return n * log2(classes) / total();
    }
}
