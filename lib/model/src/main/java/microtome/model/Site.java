package microtome.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import microtome.model.config.ModelConfig;
import microtome.model.format.Nearest;

/**
 * The name of one internal value of a decoder. Blocks are counted from 0. The residual stream is counted by depth:
 * {@code residual(0)} is the output of the embedding and {@code residual(l)} what stands after {@code l} blocks, always
 * before the final norm. Shapes are given for one sequence; a batch adds a leading axis.
 *
 * @param kind which value
 * @param index the block, or the depth for a residual; 0 for values the model has once
 */
public record Site(Kind kind, int index) implements Comparable<Site> {

    /** Where along a block, and how often, a value exists. In the order of computation. */
    public enum Kind {
        /** Rows of the embedding where positions are learned, before those are added: {@code [positions, width]}. */
        TOKEN_EMBEDDING(Extent.EMBEDDING),
        /** Learned vectors of the positions: {@code [positions, width]}. */
        POSITION_EMBEDDING(Extent.EMBEDDING),
        /** The stream after {@code index} blocks: {@code [positions, width]}. */
        RESIDUAL(Extent.DEPTH),
        /** The denominator {@code sqrt(mean(x^2) + epsilon)} of the norm before attention: {@code [positions, 1]}. */
        ATTENTION_NORM_SCALE(Extent.BLOCK),
        /** What attention reads, normed and scaled by the gain: {@code [positions, width]}. */
        ATTENTION_INPUT(Extent.BLOCK),
        /** Queries before rotation: {@code [positions, heads, headWidth]}. */
        QUERY(Extent.BLOCK),
        /** Keys before rotation: {@code [positions, keyValueHeads, headWidth]}. */
        KEY(Extent.BLOCK),
        /** Values: {@code [positions, keyValueHeads, headWidth]}. */
        VALUE(Extent.BLOCK),
        /** The denominator of the norm of the queries: {@code [positions, heads, 1]}, or {@code [positions, 1]} across heads. */
        QUERY_NORM_SCALE(Extent.BLOCK),
        /** The denominator of the norm of the keys: {@code [positions, keyValueHeads, 1]}, or {@code [positions, 1]}. */
        KEY_NORM_SCALE(Extent.BLOCK),
        /** Queries as the scores see them, after rotation: {@code [positions, heads, headWidth]}. */
        ROTATED_QUERY(Extent.BLOCK),
        /** Keys as the scores see them, after rotation: {@code [positions, keyValueHeads, headWidth]}. */
        ROTATED_KEY(Extent.BLOCK),
        /** Scaled scores, minus infinity where masked: {@code [heads, positions, positions]} (query, key). */
        SCORES(Extent.BLOCK),
        /** Attention pattern, the softmax of the scores: {@code [heads, positions, positions]} (query, key). */
        PATTERN(Extent.BLOCK),
        /** What each head mixed, before the output projection: {@code [positions, heads, headWidth]}. */
        HEAD_OUTPUT(Extent.BLOCK),
        /** What the output projection gives, where a norm follows before it is added: {@code [positions, width]}. */
        ATTENTION_RAW_OUTPUT(Extent.BLOCK),
        /** The denominator of the norm after attention: {@code [positions, 1]}. */
        ATTENTION_POST_NORM_SCALE(Extent.BLOCK),
        /** What attention adds to the stream: {@code [positions, width]}. */
        ATTENTION_OUTPUT(Extent.BLOCK),
        /** The stream between attention and MLP: {@code [positions, width]}. */
        RESIDUAL_MIDDLE(Extent.BLOCK),
        /** The denominator of the norm before the MLP: {@code [positions, 1]}. */
        MLP_NORM_SCALE(Extent.BLOCK),
        /** What the MLP reads, normed and scaled by the gain: {@code [positions, width]}. */
        MLP_INPUT(Extent.BLOCK),
        /** What the activation function reads (the gate): {@code [positions, mlpWidth]}. */
        MLP_PRE_ACTIVATION(Extent.BLOCK),
        /** The linear half of a gated MLP: {@code [positions, mlpWidth]}. */
        MLP_UP(Extent.BLOCK),
        /** The MLP's neurons, what its output projection reads: {@code [positions, mlpWidth]}. */
        MLP_ACTIVATION(Extent.BLOCK),
        /** What the MLP gives, where a norm follows before it is added: {@code [positions, width]}. */
        MLP_RAW_OUTPUT(Extent.BLOCK),
        /** The denominator of the norm after the MLP: {@code [positions, 1]}. */
        MLP_POST_NORM_SCALE(Extent.BLOCK),
        /** What the MLP adds to the stream: {@code [positions, width]}. */
        MLP_OUTPUT(Extent.BLOCK),
        /** The denominator of the final norm: {@code [positions, 1]}. */
        FINAL_NORM_SCALE(Extent.MODEL),
        /** The stream after the final norm: {@code [positions, width]}. */
        FINAL_NORM(Extent.MODEL),
        /** Scores of the next token before they are capped: {@code [positions, vocabulary]}. */
        UNCAPPED_LOGITS(Extent.MODEL),
        /** Scores of the next token: {@code [positions, vocabulary]}. */
        LOGITS(Extent.MODEL);

        private final Extent extent;

        Kind(Extent extent) {
            this.extent = extent;
        }

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private enum Extent {
        EMBEDDING,
        DEPTH,
        BLOCK,
        MODEL;

        boolean isOnce() {
            return this == EMBEDDING || this == MODEL;
        }
    }

    public Site {
        if (index < 0) {
            throw new IllegalArgumentException("site %s.%d: counting starts at 0".formatted(kind.label(), index));
        }
        if (kind.extent.isOnce() && index != 0) {
            throw new IllegalArgumentException("site %s.%d: a model has one %s; write %s"
                    .formatted(kind.label(), index, kind.label(), kind.label()));
        }
    }

    /** The residual stream after this many blocks; 0 is the embedding output. */
    public static Site residual(int depth) {
        return new Site(Kind.RESIDUAL, depth);
    }

    /** The output of the embedding: {@code residual(0)}. */
    public static Site embedding() {
        return residual(0);
    }

    /** The stream between attention and MLP of a block. */
    public static Site residualMiddle(int block) {
        return new Site(Kind.RESIDUAL_MIDDLE, block);
    }

    /** The attention pattern of a block. */
    public static Site pattern(int block) {
        return new Site(Kind.PATTERN, block);
    }

    /** The attention scores of a block. */
    public static Site scores(int block) {
        return new Site(Kind.SCORES, block);
    }

    /** What attention of a block adds to the stream. */
    public static Site attentionOutput(int block) {
        return new Site(Kind.ATTENTION_OUTPUT, block);
    }

    /** What the MLP of a block adds to the stream. */
    public static Site mlpOutput(int block) {
        return new Site(Kind.MLP_OUTPUT, block);
    }

    /** The neurons of the MLP of a block. */
    public static Site mlpActivation(int block) {
        return new Site(Kind.MLP_ACTIVATION, block);
    }

    /** What the heads of a block mixed. */
    public static Site headOutput(int block) {
        return new Site(Kind.HEAD_OUTPUT, block);
    }

    /** What one head of a block mixed; a part of {@link #headOutput}. */
    public static Head head(int block, int head) {
        return new Head(block, head);
    }

    /** The stream after the final norm. */
    public static Site finalNorm() {
        return new Site(Kind.FINAL_NORM, 0);
    }

    /** Scores of the next token before they are capped. */
    public static Site uncappedLogits() {
        return new Site(Kind.UNCAPPED_LOGITS, 0);
    }

    /** Scores of the next token. */
    public static Site logits() {
        return new Site(Kind.LOGITS, 0);
    }

    /** Every site of a model, in the order of computation. */
    public static List<Site> all(ModelConfig config) {
        return all(config.blocks()).stream()
                .filter(site -> SitePresence.in(config, site.kind))
                .toList();
    }

    /** Every site that a model with this many blocks may have, in the order of computation. */
    public static List<Site> all(int blocks) {
        var sites = new ArrayList<Site>();
        add(sites, Extent.EMBEDDING, 0);
        for (int block = 0; block < blocks; block++) {
            for (Kind kind : Kind.values()) {
                if (!kind.extent.isOnce()) {
                    sites.add(new Site(kind, block));
                }
            }
        }
        sites.add(residual(blocks));
        add(sites, Extent.MODEL, 0);
        return List.copyOf(sites);
    }

    private static void add(List<Site> sites, Extent extent, int index) {
        for (Kind kind : Kind.values()) {
            if (kind.extent == extent) {
                sites.add(new Site(kind, index));
            }
        }
    }

    /** The site of this name, such as {@code residual.14} or {@code final_norm}, in a model with this many blocks. */
    public static Site parse(String name, int blocks) {
        int dot = name.indexOf('.');
        String label = dot < 0 ? name : name.substring(0, dot);
        Kind kind = kindOf(label).orElseThrow(() -> unknown(name));
        if (kind.extent.isOnce() ? dot >= 0 : dot < 0) {
            throw unknown(name);
        }
        try {
            return new Site(kind, dot < 0 ? 0 : Integer.parseInt(name.substring(dot + 1))).checkedFor(blocks);
        } catch (NumberFormatException notANumber) {
            throw unknown(name);
        }
    }

    /** This site, if the model has it; else an error that says why it has not. */
    public Site checkedFor(ModelConfig config) {
        if (!SitePresence.in(config, kind)) {
            throw new IllegalArgumentException("site %s: models of family %s have none (%s); this model has %s"
                    .formatted(name(), config.family(), SitePresence.whyMissing(kind), names(config)));
        }
        return checkedFor(config.blocks());
    }

    private static String names(ModelConfig config) {
        return Arrays.stream(Kind.values())
                .filter(each -> SitePresence.in(config, each))
                .map(each -> each.extent.isOnce() ? each.label() : each.label() + ".N")
                .collect(Collectors.joining(", "));
    }

    /** This site, if a model with this many blocks has it; else an error with the valid range. */
    public Site checkedFor(int blocks) {
        int last = kind.extent == Extent.DEPTH ? blocks : blocks - 1;
        if (!kind.extent.isOnce() && index > last) {
            throw new IllegalArgumentException("site %s: this model has %s.0 to %s.%d (%d blocks)%s"
                    .formatted(
                            name(),
                            kind.label(),
                            kind.label(),
                            last,
                            blocks,
                            kind.extent == Extent.DEPTH ? "; residual.0 is the embedding output" : ""));
        }
        return this;
    }

    /** Blocks that have to run before this value exists. */
    public int blocksNeeded(int blocks) {
        return switch (kind.extent) {
            case EMBEDDING -> 0;
            case DEPTH -> index;
            case BLOCK -> index + 1;
            case MODEL -> blocks;
        };
    }

    /** The name used in files and on the command line. */
    public String name() {
        return kind.extent.isOnce() ? kind.label() : kind.label() + "." + index;
    }

    @Override
    public int compareTo(Site other) {
        boolean once = kind.extent.isOnce() || other.kind.extent.isOnce();
        int byIndex = once ? 0 : Integer.compare(index, other.index);
        return byIndex != 0 ? byIndex : kind.compareTo(other.kind);
    }

    @Override
    public String toString() {
        return name();
    }

    private static Optional<Kind> kindOf(String label) {
        for (Kind kind : Kind.values()) {
            if (kind.label().equals(label)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }

    private static IllegalArgumentException unknown(String name) {
        var examples = new ArrayList<String>();
        for (Kind kind : Kind.values()) {
            examples.add(kind.extent.isOnce() ? kind.label() : kind.label() + ".N");
        }
        return new IllegalArgumentException("unknown site '%s'; nearest: %s; all: %s"
                .formatted(name, String.join(", ", Nearest.names(name, examples)), String.join(", ", examples)));
    }
}
