package microtome.model;

import java.util.List;
import microtome.tensor.Engine;
import microtome.tensor.Tensor;

/**
 * One way through the model, from token ids to the deepest site that a tap wants.
 *
 * @param past what came before the positions of the pass
 * @param recording what open tapes keep of it
 */
record Pass(Engine engine, ModelWeights weights, Past past, Recording recording) {

    void run(TokenBatch batch, Tap tap) {
        try (var _ = engine.openScope()) {
            var step = new Step(tap, weights.sites(), weights.config().blocks(), angles(batch.positions()), past);
            Tensor ids = engine.indices(batch.ids(), batch.sequences(), batch.positions());
            Tensor embedded = step.at(Site.residual(0), weights.embed(ids, past.positions(), step));
            afterBlocks(throughBlocks(0, embedded, step, batch.positions()), step);
        }
    }

    /** The rest of a pass whose stream {@code [sequences, positions, width]} after {@code depth} blocks is given. */
    void runFrom(int depth, Tensor given, Tap tap) {
        int positions = Math.toIntExact(given.extent(1));
        try (var _ = engine.openScope()) {
            var step = new Step(tap, weights.sites(), weights.config().blocks(), angles(positions), past);
            Tensor start =
                    step.at(Site.residual(depth), given.reshape(given.shape().extents())); // ours to close
            afterBlocks(throughBlocks(depth, start, step, positions), step);
        }
    }

    private void afterBlocks(Tensor stream, Step step) {
        if (step.wantsAfterBlocks()) {
            Tensor normed = step.at(Site.finalNorm(), weights.decoder().finalNorm(stream, step));
            if (step.wantsLogits()) {
                Tensor logits = step.at(Site.uncappedLogits(), weights.unembedNormed(normed));
                step.at(Site.logits(), weights.capped(logits));
            }
        }
    }

    private List<RotaryTables> angles(int positions) {
        return weights.angles(past.positions(), positions);
    }

    private Tensor throughBlocks(int first, Tensor start, Step step, int positions) {
        Tensor stream = start;
        for (int block = first; block < step.blocksNeeded(); block++) {
            try (var blockScope = engine.openScope()) {
                Tensor after = through(block, stream, step, positions);
                Tensor next = step.endsInAttention(block) ? after : step.at(Site.residual(block + 1), after);
                blockScope.keep(next);
                if (!step.wants(Site.residual(block))) {
                    stream.close(); // nobody has seen it, and the block that read it is queued
                }
                stream = next;
            }
            if (Thread.currentThread().isInterrupted()) {
                engine.synchronize(); // stops what is running and throws
            }
        }
        return stream;
    }

    private Tensor through(int block, Tensor stream, Step step, int positions) {
        if (recording == Recording.EVERY_VALUE || step.listensInside(block)) {
            return weights.decoder().block(block, stream, step);
        }
        return engine.checkpoint(
                List.of(stream),
                // The angles of the pass may be closed when the block is computed once more.
                inputs -> weights.decoder().block(block, inputs.getFirst(), step.with(angles(positions))));
    }
}
