package microtome.probe.lens;

import java.util.function.IntPredicate;

/** From where on something holds. */
final class SettledDepth {
    private SettledDepth() {}

    /** The earliest depth at which and from which on something holds; the number of depths if it does not at the last. */
    static int of(int depths, IntPredicate holds) {
        int settled = depths;
        while (settled > 0 && holds.test(settled - 1)) {
            settled--;
        }
        return settled;
    }
}
