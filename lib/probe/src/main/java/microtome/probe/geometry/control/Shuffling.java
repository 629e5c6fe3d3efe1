package microtome.probe.geometry.control;

import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Random orders. */
final class Shuffling {
    private Shuffling() {}

    /** The numbers from 0 on in a random order. */
    static int[] order(int count, SplittableRandom random) {
        int[] order = IntStream.range(0, count).toArray();
        for (int last = count - 1; last > 0; last--) {
            int other = random.nextInt(last + 1);
            int kept = order[last];
            order[last] = order[other];
            order[other] = kept;
        }
        return order;
    }
}
