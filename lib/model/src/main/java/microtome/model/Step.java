package microtome.model;

import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import microtome.model.Site.Kind;
import microtome.tensor.Layers;
import microtome.tensor.Tensor;

/** What the blocks of one pass share: who listens where, how deep the pass has to go, and the angles of its positions. */
final class Step {
    private final Tap tap;
    private final Set<Site> wanted;
    private final int blocksNeeded;
    private final boolean endsInAttention;
    private final Tensor cosine;
    private final Tensor sine;

    Step(Tap tap, int blocks, Tensor cosine, Tensor sine) {
        this.tap = tap;
        this.cosine = cosine;
        this.sine = sine;
        var sites = new TreeSet<Site>();
        Site.all(blocks).stream().filter(tap::wants).forEach(sites::add);
        this.wanted = new HashSet<>(sites);
        this.blocksNeeded =
                sites.stream().mapToInt(site -> site.blocksNeeded(blocks)).max().orElse(0);
        this.endsInAttention = sites.stream()
                .filter(site -> site.blocksNeeded(blocks) == blocksNeeded)
                .allMatch(site -> site.kind() != Kind.RESIDUAL && site.kind().compareTo(Kind.RESIDUAL_MIDDLE) <= 0);
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

    Tensor rotate(Tensor flat, int heads) {
        return Layers.rotary(flat, heads, cosine, sine);
    }
}
