package microtome.model.edit;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import microtome.model.Site.Kind;
import microtome.model.config.AttentionRule.QueryKeyNorm;
import microtome.model.config.ModelConfig;
import microtome.tensor.Tensor;

/**
 * How the axes of a value lie: {@code [sequences, positions, features]}, with heads {@code [sequences, positions, heads,
 * head width]}, or by head {@code [sequences, heads, positions, keys]}.
 *
 * @param hasHeads whether one axis is that of heads; for norms of queries and keys that depends on the model
 */
record SiteAxes(Kind kind, boolean hasHeads) {
    private static final Set<Kind> BY_HEAD = EnumSet.of(Kind.SCORES, Kind.PATTERN);
    private static final Set<Kind> OF_KEY_HEADS =
            EnumSet.of(Kind.KEY, Kind.VALUE, Kind.ROTATED_KEY, Kind.KEY_NORM_SCALE);
    private static final Set<Kind> OF_QUERY_HEADS =
            EnumSet.of(Kind.QUERY, Kind.ROTATED_QUERY, Kind.HEAD_OUTPUT, Kind.QUERY_NORM_SCALE);
    private static final Set<Kind> OF_HEAD_NORMS = EnumSet.of(Kind.QUERY_NORM_SCALE, Kind.KEY_NORM_SCALE);
    private static final Set<Kind> OF_NEURONS = EnumSet.of(Kind.MLP_PRE_ACTIVATION, Kind.MLP_UP, Kind.MLP_ACTIVATION);
    private static final Set<Kind> OF_VOCABULARY = EnumSet.of(Kind.UNCAPPED_LOGITS, Kind.LOGITS);

    static SiteAxes of(Kind kind, ModelConfig config) {
        boolean acrossHeads =
                OF_HEAD_NORMS.contains(kind) && config.attention().queryKeyNorm() != QueryKeyNorm.PER_HEAD;
        return new SiteAxes(kind, mayHaveHeads(kind) && !acrossHeads);
    }

    static SiteAxes of(Kind kind, Tensor value) {
        return new SiteAxes(kind, value.shape().rank() == 4);
    }

    static String label(Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    /** Whether there are models in which the value has heads. */
    static boolean mayHaveHeads(Kind kind) {
        return BY_HEAD.contains(kind) || OF_KEY_HEADS.contains(kind) || OF_QUERY_HEADS.contains(kind);
    }

    static String labelsWithHeads() {
        return Arrays.stream(Kind.values())
                .filter(SiteAxes::mayHaveHeads)
                .map(SiteAxes::label)
                .collect(Collectors.joining(", "));
    }

    /** Whether rows are weights over keys, so that the last axis grows with the run. */
    static boolean isByHead(Kind kind) {
        return BY_HEAD.contains(kind);
    }

    boolean byHead() {
        return isByHead(kind);
    }

    /** Whether minus infinity stands where attention may not look. */
    boolean isMasked() {
        return kind == Kind.SCORES;
    }

    /** Axes of a batch's value, sequences included. */
    int rank() {
        return hasHeads ? 4 : 3;
    }

    int positionAxis() {
        return byHead() ? 2 : 1;
    }

    /** The axis of heads; only where there is one. */
    int headAxis() {
        return byHead() ? 1 : 2;
    }

    int heads(ModelConfig config) {
        return OF_KEY_HEADS.contains(kind) ? config.keyValueHeads() : config.heads();
    }

    /** Elements of the last axis; of patterns and scores the keys of a pass over this many positions. */
    int lastExtent(ModelConfig config, int positions) {
        if (byHead()) {
            return positions;
        }
        if (kind.name().endsWith("NORM_SCALE")) {
            return 1;
        }
        if (hasHeads) {
            return config.headWidth();
        }
        if (OF_VOCABULARY.contains(kind)) {
            return config.vocabulary();
        }
        return OF_NEURONS.contains(kind) ? config.mlpWidth() : config.width();
    }

    /** The shape of the value of one sequence, without the axis of sequences. */
    List<Integer> shape(ModelConfig config, int positions) {
        int last = lastExtent(config, positions);
        if (byHead()) {
            return List.of(heads(config), positions, last);
        }
        return hasHeads ? List.of(positions, heads(config), last) : List.of(positions, last);
    }
}
