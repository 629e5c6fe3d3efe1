package microtome;

import java.util.List;
import java.util.Map;
import microtome.display.Displayable;
import microtome.display.TokenStrip;
import microtome.model.LanguageModel;
import microtome.model.Site;
import microtome.model.Values;
import microtome.model.token.TokenSequence;
import microtome.probe.attention.AttentionPattern;
import microtome.probe.attribution.Attribution;
import microtome.probe.attribution.LogitMetric;
import microtome.probe.geometry.TrajectoryGeometry;
import microtome.probe.lens.LogitLens;

/**
 * A plan to run one sequence of tokens through a model. Nothing is computed until a probe's result is asked for; as the
 * value of a cell it shows its tokens.
 */
public final class Run implements Displayable {
    private final LanguageModel model;
    private final TokenSequence tokens;

    Run(LanguageModel model, TokenSequence tokens) {
        this.model = model;
        this.tokens = tokens;
    }

    /** The exact tokens, and which rule added which. */
    public TokenStrip tokens() {
        return Shown.tokens(tokens);
    }

    /** The token sequence itself. */
    public TokenSequence sequence() {
        return tokens;
    }

    /** The logit lens: every depth of the residual stream read as if the model stopped there. */
    public LogitLens lens() {
        return LogitLens.of(model, tokens);
    }

    /** Length, velocity, curvature and cosine of the path of the residual stream. */
    public TrajectoryGeometry geometry() {
        return TrajectoryGeometry.of(model, tokens);
    }

    /** The attention pattern of every head of a block. */
    public AttentionPattern pattern(int block) {
        return AttentionPattern.of(model, tokens, block);
    }

    /** What makes the model prefer one answer to another; each is the text of one token, such as {@code " Paris"}. */
    public Attribution attribution(String answer, String other) {
        return Attribution.of(model, tokens, LogitMetric.difference(model, answer, other));
    }

    /** What makes the model prefer an answer to the mean of the vocabulary. */
    public Attribution attribution(String answer) {
        return Attribution.of(model, tokens, LogitMetric.aboveMean(model, answer));
    }

    /** The numbers at one site. */
    public Values at(Site site) {
        return model.activations(tokens, List.of(site)).at(site);
    }

    @Override
    public Map<String, Object> mimeBundle() {
        return tokens().mimeBundle();
    }

    @Override
    public String toString() {
        return tokens().toString();
    }
}
