package microtome.probe.geometry.prompts;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * How far the states of one word in two contexts lie apart, layer by layer.
 *
 * @param name of the pair, such as the word
 * @param group of its prompts, by which a control is found; empty for none
 * @param isControl whether no separation is expected
 * @param first one text
 * @param second the other
 * @param delta distance on the unit sphere, one for each layer; NaN where a state has no direction
 */
public record Fork(String name, String group, boolean isControl, String first, String second, double[] delta) {
    /** Distances up to this count as none: the word is the same token and no context has reached it yet. */
    static final double NOTHING = 1e-6;

    /** The share of the whole rise at which the contexts count as parted. */
    static final double RISE = 0.1;

    /** What a pair shows. */
    public enum Verdict {
        /** From the onset on, the two contexts lie farther apart than those of the control. */
        SEPARATES("separates"),
        /** The control lies as far apart somewhere behind the onset, or the contexts never part. */
        NO_SEPARATION("no separation"),
        /** There is no control to compare with. */
        NO_CONTROL("no control");

        private final String words;

        Verdict(String words) {
            this.words = words;
        }

        /** The verdict in words. */
        public String label() {
            return words;
        }
    }

    /** The first layer at which the contexts differ at all, counted from 0; -1 if there is none. */
    public int base() {
        return first(NOTHING);
    }

    /** The distance at the last layer divided by that at {@link #base()}; NaN if that is no earlier layer. */
    public double ratio() {
        int base = base();
        return base < 0 || base == delta.length - 1 ? Double.NaN : delta[delta.length - 1] / delta[base];
    }

    /**
     * The first layer whose distance exceeds that of the first layer by a tenth of the whole range, counted from 0; -1 if the
     * contexts never part.
     */
    public int onset() {
        double smallest =
                Arrays.stream(delta).filter(each -> !Double.isNaN(each)).min().orElse(Double.NaN);
        double largest =
                Arrays.stream(delta).filter(each -> !Double.isNaN(each)).max().orElse(Double.NaN);
        return largest > NOTHING ? first(delta[0] + RISE * (largest - smallest)) : -1;
    }

    /** Whether a control was made for this pair: it is of the same group, or has the same name. */
    boolean matches(Fork control) {
        return control.name.equals(name) || !group.isEmpty() && control.group.equals(group);
    }

    /** What this pair shows beside the distances of its control, one for each layer; null for none. */
    Verdict beside(double[] control) {
        int onset = onset();
        if (onset < 0) {
            return Verdict.NO_SEPARATION;
        }
        if (control == null) {
            return Verdict.NO_CONTROL;
        }
        boolean above = IntStream.range(onset, delta.length).allMatch(layer -> control[layer] < delta[layer]);
        return above ? Verdict.SEPARATES : Verdict.NO_SEPARATION;
    }

    private int first(double above) {
        return IntStream.range(0, delta.length)
                .filter(layer -> delta[layer] > above)
                .findFirst()
                .orElse(-1);
    }
}
