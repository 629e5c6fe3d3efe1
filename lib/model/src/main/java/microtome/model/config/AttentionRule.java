package microtome.model.config;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How the attention of a model scores and looks.
 *
 * @param scoreScales of the products of queries and keys of each block
 * @param softCap scores are bent to {@code cap * tanh(score / cap)}; 0 for none
 * @param windows how many positions a query of each block sees, its own included; 0 for all
 * @param causal whether a query sees no later position
 * @param queryKeyNorm whether queries and keys are normed before they are rotated
 */
public record AttentionRule(
        List<Float> scoreScales, float softCap, List<Integer> windows, boolean causal, QueryKeyNorm queryKeyNorm) {

    /** Whether queries and keys are normed before they are rotated, and over what. */
    public enum QueryKeyNorm {
        /** Not normed. */
        NONE,
        /** Every head by itself, with one gain of the width of a head. */
        PER_HEAD,
        /** All heads together, with a gain for every element. */
        ACROSS_HEADS
    }

    public AttentionRule {
        scoreScales = List.copyOf(scoreScales);
        windows = List.copyOf(windows);
    }

    /** Causal, all earlier positions, scores divided by the root of the head's width. */
    public static AttentionRule usual(Dimensions dimensions) {
        return new AttentionRule(
                Collections.nCopies(dimensions.blocks(), (float) (1 / Math.sqrt(dimensions.headWidth()))),
                0,
                Collections.nCopies(dimensions.blocks(), 0),
                true,
                QueryKeyNorm.NONE);
    }

    /** The same with another scale of the scores. */
    public AttentionRule scoreScale(double scale) {
        var everywhere = Collections.nCopies(scoreScales.size(), (float) scale);
        return new AttentionRule(everywhere, softCap, windows, causal, queryKeyNorm);
    }

    /** The same with scores that are divided by the number of their block, counted from 1. */
    public AttentionRule dividedByBlock() {
        List<Float> divided = IntStream.range(0, scoreScales.size())
                .mapToObj(block -> scoreScales.get(block) / (block + 1))
                .toList();
        return new AttentionRule(divided, softCap, windows, causal, queryKeyNorm);
    }

    /** The same with scores that are capped; 0 for none. */
    public AttentionRule softCap(double cap) {
        return new AttentionRule(scoreScales, (float) cap, windows, causal, queryKeyNorm);
    }

    /** The same with a window for each block; 0 for none. */
    public AttentionRule windows(List<Integer> byBlock) {
        return new AttentionRule(scoreScales, softCap, byBlock, causal, queryKeyNorm);
    }

    /** The same with queries that see all positions. */
    public AttentionRule bothWays() {
        return new AttentionRule(scoreScales, softCap, windows, false, queryKeyNorm);
    }

    /** The same with normed queries and keys. */
    public AttentionRule queryKeyNorm(QueryKeyNorm norm) {
        return new AttentionRule(scoreScales, softCap, windows, causal, norm);
    }
}
