package microtome.model;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import microtome.model.Site.Kind;
import microtome.tensor.Layers;
import microtome.tensor.Tensor;

/** What the blocks of one pass share: who listens where, how deep the pass has to go, and where its positions stand. */
final class Step {
    private final Tap tap;
    private final Set<Site> wanted;
    private final int blocksNeeded;
    private final boolean endsInAttention;
    private final List<RotaryTables> angles;
    private final Past past;

    /** Asks the tap once about every site of a model with this many blocks. */
    Step(Tap tap, List<Site> sites, int blocks, List<RotaryTables> angles, Past past) {
        this.tap = tap;
        this.angles = angles;
        this.past = past;
        this.wanted = new HashSet<>();
        int deepest = 0;
        boolean attention = true;
        for (Site site : sites) { // in the order of computation; a plain loop: decoding comes here at every token
            if (tap.wants(site)) {
                wanted.add(site);
                int needed = site.blocksNeeded(blocks);
                attention = isUpToAttention(site) && (attention || needed > deepest);
                deepest = Math.max(deepest, needed);
            }
        }
        this.blocksNeeded = past.remembers() ? blocks : deepest;
        this.endsInAttention = attention || deepest < blocksNeeded;
    }

    private static boolean isUpToAttention(Site site) {
        return site.kind().compareTo(Kind.RESIDUAL) > 0 && site.kind().compareTo(Kind.RESIDUAL_MIDDLE) <= 0;
    }

    private Step(Step other, List<RotaryTables> angles) {
        this.tap = other.tap;
        this.wanted = other.wanted;
        this.blocksNeeded = other.blocksNeeded;
        this.endsInAttention = other.endsInAttention;
        this.angles = angles;
        this.past = other.past;
    }

    /** The same with the angles in other tensors. */
    Step with(List<RotaryTables> other) {
        return new Step(this, other);
    }

    int blocksNeeded() {
        return blocksNeeded;
    }

    /** Whether nothing after attention of this block is wanted, so that its MLP need not run. */
    boolean endsInAttention(int block) {
        return endsInAttention && block == blocksNeeded - 1;
    }

    /** Whether the final norm has to run. */
    boolean wantsAfterBlocks() {
        return wanted.stream().anyMatch(site -> site.compareTo(new Site(Kind.FINAL_NORM_SCALE, 0)) >= 0);
    }

    boolean wantsLogits() {
        return wanted.contains(Site.logits()) || wanted.contains(Site.uncappedLogits());
    }

    boolean wants(Site site) {
        return wanted.contains(site);
    }

    Tensor at(Site site, Tensor value) {
        if (!wanted.contains(site)) {
            return value;
        }
        Tensor answer = tap.at(site, value);
        if (!answer.type().equals(value.type())) {
            throw new IllegalArgumentException(
                    "tap at %s: gave back %s, the value there is %s".formatted(site, answer.type(), value.type()));
        }
        return answer;
    }

    /** Whether anybody listens between the stream before a block and the stream after it. */
    boolean listensInside(int block) {
        return wanted.stream()
                .anyMatch(site -> site.kind().compareTo(Kind.RESIDUAL) > 0
                        && site.kind().compareTo(Kind.MLP_OUTPUT) <= 0
                        && site.index() == block);
    }

    /** Queries or keys {@code [sequences, positions, heads * headWidth]}, turned as their block turns them. */
    Tensor rotate(int block, Tensor flat, int heads) {
        RotaryTables tables = angles.get(block);
        long headWidth = flat.extent(2) / heads;
        long turned = 2 * tables.cosine().extent(1);
        if (turned == headWidth) {
            return Layers.rotary(flat, heads, tables.cosine(), tables.sine());
        }
        Tensor split = flat.reshape(flat.extent(0), flat.extent(1), heads, headWidth);
        Tensor first = split.slice(3, 0, turned).reshape(flat.extent(0), flat.extent(1), heads * turned);
        Tensor rotated = Layers.rotary(first, heads, tables.cosine(), tables.sine())
                .reshape(flat.extent(0), flat.extent(1), heads, turned);
        return Tensor.concat(3, List.of(rotated, split.slice(3, turned, headWidth)))
                .reshape(flat.extent(0), flat.extent(1), flat.extent(2));
    }

    /** Keys and values for the attention of a block: those of this pass and what came before. */
    Past.Heard heard(int block, Tensor key, Tensor value) {
        return past.with(block, key, value);
    }
}
