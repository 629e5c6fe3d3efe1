package microtome.probe.attention;

import java.util.List;
import java.util.Map;
import microtome.display.Displayable;
import microtome.model.LanguageModel;
import microtome.model.Site;
import microtome.model.Values;
import microtome.model.edit.RunPlan;
import microtome.model.token.TokenSequence;
import microtome.probe.data.Provenance;

/**
 * A plan to look at the attention of one block; {@link #head} and {@link #all} run the model up to it. As the value of a
 * cell it shows all heads.
 *
 * @see <a href="https://arxiv.org/abs/1706.03762">Vaswani et al. 2017, section 3.2</a>
 */
public final class AttentionPattern implements Displayable {
    private final RunPlan run;
    private final LanguageModel model;
    private final TokenSequence tokens;
    private final int block;

    private AttentionPattern(RunPlan run, int block) {
        this.run = run;
        this.model = run.model();
        this.tokens = run.tokens();
        this.block = block;
    }

    /**
     * A plan for a block, counted from 0; nothing is computed yet.
     *
     * @throws IllegalArgumentException if the model has no such block
     */
    public static AttentionPattern of(LanguageModel model, TokenSequence tokens, int block) {
        return of(RunPlan.of(model, tokens), block);
    }

    /**
     * A plan for a block of a run with edits; nothing is computed yet.
     *
     * @throws IllegalArgumentException if the model has no such block
     */
    public static AttentionPattern of(RunPlan run, int block) {
        Site.pattern(block).checkedFor(run.model().config());
        return new AttentionPattern(run, block);
    }

    /**
     * The pattern of one head, counted from 0.
     *
     * @throws IllegalArgumentException if the block has no such head
     */
    public HeadPattern head(int head) {
        int heads = model.config().heads();
        if (head < 0 || head >= heads) {
            throw new IllegalArgumentException("head %d: block %d has heads 0..%d".formatted(head, block, heads - 1));
        }
        return new HeadPattern(source(), head, pattern(measured(), head));
    }

    /** The patterns of all heads. */
    public BlockPatterns all() {
        Values measured = measured();
        var patterns = new float[model.config().heads()][][];
        for (int head = 0; head < patterns.length; head++) {
            patterns[head] = pattern(measured, head);
        }
        return new BlockPatterns(source(), patterns);
    }

    @Override
    public Map<String, Object> mimeBundle() {
        return all().mimeBundle();
    }

    @Override
    public String toString() {
        return "attention pattern of block %d, %d heads, %d tokens; ask for head(0) or all()"
                .formatted(block, model.config().heads(), tokens.size());
    }

    private Values measured() {
        Site site = Site.pattern(block);
        return run.activations(List.of(site)).at(site); // [heads, positions, positions]
    }

    private float[][] pattern(Values measured, int head) {
        var pattern = new float[tokens.size()][];
        for (int query = 0; query < pattern.length; query++) {
            pattern[query] = measured.row(head, query);
        }
        return pattern;
    }

    private PatternSource source() {
        return new PatternSource(Provenance.of(run), block);
    }
}
