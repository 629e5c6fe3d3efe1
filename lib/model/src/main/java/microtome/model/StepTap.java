package microtome.model;

import java.util.List;

/**
 * The taps of sequences that grow, pass by pass. A pass of a {@link Continuation} has only the new positions; whoever edits or
 * reads at absolute positions learns here where they begin: row {@code i} of a pass stands at position {@code first + i}.
 *
 * <p>The first pass of a prompt begins at 0 and has all its positions, later ones have one each. Sequences may be run apart or
 * side by side as it suits the pass, so a tap treats every sequence alike.
 */
@FunctionalInterface
public interface StepTap {
    /** The tap of the pass whose first row stands at this position; asked once for every pass. */
    Tap from(int firstPosition);

    /** Listens nowhere. */
    StepTap NONE = always(Tap.NONE);

    /** The same tap at every position. */
    static StepTap always(Tap tap) {
        return _ -> tap;
    }

    /** Several, one after another in every pass. */
    static StepTap all(List<StepTap> taps) {
        var parts = List.copyOf(taps);
        return first -> Tap.all(parts.stream().map(tap -> tap.from(first)).toList());
    }
}
