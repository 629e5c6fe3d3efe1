package microtome.probe.geometry;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import microtome.model.Site;
import microtome.probe.data.Depths;
import microtome.probe.data.PositionRule;

/**
 * Which points make a path.
 *
 * @param rule which positions make the point of a layer
 * @param withEmbedding whether the path starts at the embedding output, or after the first block
 * @param ending how it ends
 */
public record TrajectoryOptions(PositionRule rule, boolean withEmbedding, Ending ending) {
    /** Last token, embedding to last block, before the final norm. */
    public static final TrajectoryOptions DEFAULT = new TrajectoryOptions(PositionRule.LAST, true, Ending.STREAM);

    /** The text of the paper: mean over all tokens, embedding to last layer; the last point is the final norm. */
    public static final TrajectoryOptions PAPER =
            new TrajectoryOptions(PositionRule.MEAN, true, Ending.FINAL_NORM_INSTEAD);

    /** The paper's published code: last token, without the embedding; the last point is the final norm. */
    public static final TrajectoryOptions CODE =
            new TrajectoryOptions(PositionRule.LAST, false, Ending.FINAL_NORM_INSTEAD);

    /** These options with another rule. */
    public TrajectoryOptions rule(PositionRule other) {
        return new TrajectoryOptions(other, withEmbedding, ending);
    }

    /** These options with another ending. */
    public TrajectoryOptions ending(Ending other) {
        return new TrajectoryOptions(rule, withEmbedding, other);
    }

    /** The sites of the points, in order, for a model with this many blocks. */
    public List<Site> sites(int blocks) {
        var sites = new ArrayList<>(IntStream.rangeClosed(firstDepth(), lastDepth(blocks))
                .mapToObj(Site::residual)
                .toList());
        if (ending != Ending.STREAM) {
            sites.add(Site.finalNorm());
        }
        return sites;
    }

    /** The names of the points, in order. */
    public List<String> labels(int blocks) {
        var labels = new ArrayList<>(Depths.labels(firstDepth(), lastDepth(blocks)));
        if (ending != Ending.STREAM) {
            labels.add(Depths.FINAL_NORM);
        }
        return labels;
    }

    /** The first and the last point in words. */
    public String depths() {
        String end = switch (ending) {
            case STREAM -> "the last block";
            case FINAL_NORM_INSTEAD -> "the final norm, in place of the last block";
            case FINAL_NORM_ADDED -> "the last block, and the final norm as one more point";
        };
        return "from %s to %s".formatted(withEmbedding ? "the embedding" : "the first block", end);
    }

    @Override
    public String toString() {
        return rule.label() + ", " + depths();
    }

    private int firstDepth() {
        return withEmbedding ? 0 : 1;
    }

    private int lastDepth(int blocks) {
        return ending == Ending.FINAL_NORM_INSTEAD ? blocks - 1 : blocks;
    }
}
