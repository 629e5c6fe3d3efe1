package microtome.probe.attribution;

import java.util.Set;
import microtome.model.Site;
import microtome.model.Tap;
import microtome.tensor.Scope;
import microtome.tensor.Tensor;

/**
 * Computes the metric of every sequence of a pass from the end of the stream and the denominator of the final norm, so that
 * gradients flow through both. No logits are computed.
 */
final class Ends implements Tap {
    private final Question question;
    private final Readout readout;
    private final Scope scope;
    private final Set<Site> sites;
    private Tensor stream;
    private Tensor metric;

    /** Keeps the metric in a scope. */
    Ends(Question question, Readout readout, Scope scope) {
        this.question = question;
        this.readout = readout;
        this.scope = scope;
        this.sites = Set.of(Site.residual(question.blocks()), new Site(Site.Kind.FINAL_NORM_SCALE, 0));
    }

    @Override
    public boolean wants(Site site) {
        return sites.contains(site);
    }

    @Override
    public Tensor at(Site site, Tensor value) {
        Tensor here = value.slice(1, question.position(), question.position() + 1);
        if (site.kind() == Site.Kind.RESIDUAL) {
            stream = scope.adopt(here); // made in the last block, needed after it
        } else {
            metric = scope.adopt(readout.of(stream, here));
        }
        return value;
    }

    /** The metric, {@code [sequences]}. */
    Tensor metric() {
        return metric;
    }
}
