package microtome.probe.update;

import java.util.List;

/**
 * The maps of one block.
 *
 * @param fitTokens tokens that were fitted on
 * @param fitDropped fit tokens that the block did not move
 * @param maps one for each class
 */
record FittedBlock(int block, long fitTokens, long fitDropped, List<UpdateFit.Fitted> maps) {
    static FittedBlock missing(int block, UpdateOptions options, String reason) {
        return new FittedBlock(
                block,
                0,
                0,
                options.classes().stream()
                        .map(kind -> new UpdateFit.Fitted(kind, null, reason))
                        .toList());
    }
}
