package microtome.model.store.hub;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A model of the hub that is on this machine.
 *
 * @param name what was asked for
 * @param commit the commit that its revision is here
 * @param weights the weight file, or the index of several; what describes it lies beside
 */
public record HubModel(HubName name, String commit, Path weights) {

    /** The sum of a single weight file that the cache keeps under its sum, as the hub said it. */
    public Optional<String> sha256() {
        try {
            return Optional.of(weights.toRealPath().getFileName().toString())
                    .filter(Checksum::isOne)
                    .filter(sum -> new Checksum(sum).isSha256());
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }
}
