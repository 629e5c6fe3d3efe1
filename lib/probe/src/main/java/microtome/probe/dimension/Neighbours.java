package microtome.probe.dimension;

import java.util.List;

/**
 * What the distances between sampled states of one layer tell.
 *
 * @param sampled states that were drawn
 * @param distinct different ones among them; of equal ones one counts
 * @param fit {@link TwoNN#fit}, NaN where there is none
 * @param ml {@link TwoNN#ml}, NaN where there is none
 * @param likeliest {@link LevinaBickel#dimension} for each number of neighbours, NaN where there is none
 * @param scales {@link TwoNN#fit} of all and of smaller parts of the sample
 */
public record Neighbours(int sampled, int distinct, double fit, double ml, List<Double> likeliest, List<Scale> scales) {
    /**
     * The estimate from smaller sets: states cut into parts, each measured alone.
     *
     * @param states of each part
     * @param parts how many were measured
     * @param fit their mean; NaN where there is none
     * @param deviation the standard deviation over the parts; NaN for fewer than two
     */
    public record Scale(int states, int parts, double fit, double deviation) {}

    /** Keeps copies. */
    public Neighbours {
        likeliest = List.copyOf(likeliest);
        scales = List.copyOf(scales);
    }

    /** Why {@link #fit} is NaN. */
    String reason() {
        return distinct < TwoNN.LEAST
                ? "%d different states of %d, fewer than %d".formatted(distinct, sampled, TwoNN.LEAST)
                : "all states are as far from their second as from their first neighbour";
    }

    /** Why the estimate from k neighbours is NaN. */
    String reason(int k) {
        return distinct <= k
                ? "%d different states of %d have no %d neighbours each".formatted(distinct, sampled, k)
                : "all neighbours are equally far";
    }
}
