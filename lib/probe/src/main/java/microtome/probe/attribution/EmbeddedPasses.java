package microtome.probe.attribution;

import java.util.Collections;
import java.util.List;
import microtome.model.Harvest;
import microtome.model.Recording;
import microtome.model.Site;
import microtome.model.Tap;
import microtome.probe.data.PathIntegral;
import microtome.tensor.Scope;
import microtome.tensor.Tensor;

/** The metric as a function of what the embedding gives, {@code [points, positions, width]}. */
final class EmbeddedPasses {
    private static final int LONG = 256; // positions from which on blocks are computed twice instead of kept

    private final Question question;
    private final Readout readout;

    EmbeddedPasses(Question question, Readout readout) {
        this.question = question;
        this.readout = readout;
    }

    /** The metric at these points, and the values of sites there, of which gradients can be taken while a tape is open. */
    PathIntegral.Evaluated at(Scope scope, Tensor points, List<Site> sites) {
        var harvest = new Harvest(scope, sites);
        var ends = new Ends(question, readout, scope);
        int count = Math.toIntExact(points.extent(0));
        Recording recording = points.extent(1) < LONG ? Recording.EVERY_VALUE : Recording.STREAM;
        question.run(
                Collections.nCopies(count, question.tokens()),
                Tap.all(List.of(new Replaced(points), harvest, ends)),
                recording);
        return new PathIntegral.Evaluated(
                ends.metric(), sites.stream().map(harvest::get).toList());
    }

    /** Puts other values in the place of the embedding's. */
    private record Replaced(Tensor points) implements Tap {
        @Override
        public boolean wants(Site site) {
            return site.equals(Site.embedding());
        }

        @Override
        public Tensor at(Site site, Tensor value) {
            return points;
        }
    }
}
