package microtome.probe.patching;

import java.util.Map;
import microtome.display.Displayable;

/**
 * A plan to put every value of the clean run, one at a time, into the corrupt run, and to read the answer each time. Every grid
 * runs both prompts once and then, for each block, all patched copies as one batch from that block on. As the value of a cell
 * it shows the grid of the residual stream.
 *
 * @see <a href="https://arxiv.org/abs/2202.05262">Meng et al. 2022, section 2</a>
 * @see <a href="https://arxiv.org/abs/2211.00593">Wang et al. 2022</a>
 */
public final class ActivationPatching implements Displayable {
    private final PromptPair prompts;
    private final AnswerMetric metric;

    ActivationPatching(PromptPair prompts, AnswerMetric metric) {
        this.prompts = prompts;
        this.metric = metric;
    }

    /** The stream before every block, at every position. */
    public PatchingGrid residual() {
        return grid(PatchedPart.RESIDUAL);
    }

    /** What attention of every block adds, at every position. */
    public PatchingGrid attention() {
        return grid(PatchedPart.ATTENTION);
    }

    /** What the MLP of every block adds, at every position. */
    public PatchingGrid mlp() {
        return grid(PatchedPart.MLP);
    }

    /** What every head of every block mixed, at all positions. */
    public PatchingGrid heads() {
        return grid(PatchedPart.HEAD);
    }

    /**
     * The grid of one part. When the thread is interrupted, the cells that are done are kept and the others are NaN.
     *
     * @throws microtome.tensor.WaitInterruptedException if it was stopped before both prompts had run
     */
    public PatchingGrid grid(PatchedPart part) {
        return GridWork.run(prompts, metric, part);
    }

    @Override
    public Map<String, Object> mimeBundle() {
        return residual().mimeBundle();
    }

    @Override
    public String toString() {
        return "activation patching of %d tokens, %s; ask for residual(), attention(), mlp() or heads()\n%s"
                .formatted(prompts.clean().size(), metric.formula(), prompts);
    }
}
