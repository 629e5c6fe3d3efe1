package microtome.probe.update;

import java.util.List;
import microtome.probe.data.Depths;

/**
 * What was measured of one block.
 *
 * @param block counted from 0; it leads from {@code residual.block} to {@code residual.block+1}
 * @param fitTokens tokens that the maps were fitted on
 * @param fitDropped fit tokens that the block did not move, which were left out
 * @param heldOutDropped held-out tokens that it did not move, which were left out
 * @param classes one for each class of maps, the identity first
 */
public record BlockUpdates(int block, long fitTokens, long fitDropped, int heldOutDropped, List<Measured> classes) {
    /** Keeps a copy. */
    public BlockUpdates {
        classes = List.copyOf(classes);
    }

    static BlockUpdates missing(FittedBlock fitted, String reason) {
        return new BlockUpdates(
                fitted.block(),
                fitted.fitTokens(),
                fitted.fitDropped(),
                0,
                fitted.maps().stream()
                        .map(map -> Measured.missing(map.kind(), reason))
                        .toList());
    }

    /** The step between depths, such as {@code emb→1}. */
    public String label() {
        return Depths.between(Depths.labels(block, block + 1)).getFirst();
    }

    /** Mean cosine of the states before and behind the block: what doing nothing reaches. */
    public double identityAlignment() {
        return classes.getFirst().stateAlignment();
    }
}
