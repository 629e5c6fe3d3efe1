package microtome.model.edit;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import microtome.model.Site.Kind;
import microtome.model.config.ModelConfig;

/**
 * How the axes of a value lie: {@code [sequences, positions, features]}, with heads {@code [sequences, positions, heads,
 * head width]}, or by head {@code [sequences, heads, positions, keys]}.
 */
record SiteAxes(Kind kind) {
    private static final Set<Kind> BY_HEAD = EnumSet.of(Kind.SCORES, Kind.PATTERN);
    private static final Set<Kind> OF_KEY_HEADS = EnumSet.of(Kind.KEY, Kind.VALUE, Kind.ROTATED_KEY);
    private static final Set<Kind> OF_QUERY_HEADS = EnumSet.of(Kind.QUERY, Kind.ROTATED_QUERY, Kind.HEAD_OUTPUT);
    private static final Set<Kind> OF_NEURONS = EnumSet.of(Kind.MLP_PRE_ACTIVATION, Kind.MLP_UP, Kind.MLP_ACTIVATION);

    static String label(Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    static boolean hasHeads(Kind kind) {
        return BY_HEAD.contains(kind) || OF_KEY_HEADS.contains(kind) || OF_QUERY_HEADS.contains(kind);
    }

    static String labelsWithHeads() {
        return Arrays.stream(Kind.values())
                .filter(SiteAxes::hasHeads)
                .map(SiteAxes::label)
                .collect(Collectors.joining(", "));
    }

    /** Whether rows are weights over keys, so that the last axis grows with the run. */
    boolean byHead() {
        return BY_HEAD.contains(kind);
    }

    boolean isPattern() {
        return kind == Kind.PATTERN;
    }

    /** Whether minus infinity stands where attention may not look. */
    boolean isMasked() {
        return kind == Kind.SCORES;
    }

    boolean isNormScale() {
        return kind.name().endsWith("NORM_SCALE");
    }

    /** Axes of a batch's value, sequences included. */
    int rank() {
        return hasHeads(kind) ? 4 : 3;
    }

    int positionAxis() {
        return byHead() ? 2 : 1;
    }

    /** The axis of heads; only for kinds that have one. */
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
        if (hasHeads(kind)) {
            return config.headWidth();
        }
        if (isNormScale()) {
            return 1;
        }
        if (kind == Kind.LOGITS) {
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
        return hasHeads(kind) ? List.of(positions, heads(config), last) : List.of(positions, last);
    }
}
