package microtome.probe.lens;

import java.util.HashMap;
import java.util.Map;
import microtome.display.Displayable;
import microtome.model.LanguageModel;
import microtome.model.edit.RunPlan;
import microtome.model.token.TokenSequence;
import microtome.probe.data.TokenLabels;

/**
 * A plan to read every depth of the residual stream through the final norm and the unembedding, as if the model stopped
 * there. {@link #top} and {@link #token(String)} run the model once each. As the value of a cell it shows the top 5.
 *
 * <pre>{@code
 * LogitLens.of(model, tokens).top(5).table();
 * LogitLens.of(model, tokens).token(" Paris").line();
 * }</pre>
 *
 * @see <a href="https://arxiv.org/abs/2303.08112">Belrose et al. 2023, section 2</a>
 */
public final class LogitLens implements Displayable {
    private static final int DEFAULT_TOP = 5;
    private static final double DEFAULT_DIVERGENCE = 0.1;

    private final RunPlan run;
    private final LanguageModel model;
    private final TokenSequence tokens;
    private final LensPositions positions;

    private LogitLens(RunPlan run, LensPositions positions) {
        this.run = run;
        this.model = run.model();
        this.tokens = run.tokens();
        this.positions = positions;
    }

    /** A plan for every position; nothing is computed yet. */
    public static LogitLens of(LanguageModel model, TokenSequence tokens) {
        return of(RunPlan.of(model, tokens));
    }

    /** A plan for every position of a run with edits; nothing is computed yet. */
    public static LogitLens of(RunPlan run) {
        return new LogitLens(run, LensPositions.ALL);
    }

    /** This plan for every position, or for the last alone. */
    public LogitLens positions(LensPositions which) {
        return new LogitLens(run, which);
    }

    /**
     * The most likely tokens of every depth and position.
     *
     * @param count how many, at least 1
     * @throws IllegalArgumentException if the vocabulary has not that many
     */
    public LensTop top(int count) {
        int vocabulary = model.config().vocabulary();
        if (count < 1 || count > vocabulary) {
            throw new IllegalArgumentException(
                    "top(%d): give 1 to %d, the size of the vocabulary; top(5) is usual".formatted(count, vocabulary));
        }
        LensGrid grid = grid();
        int depths = grid.depths();
        int columns = grid.columns();
        var found = new LensTop.Values(
                new int[depths][columns][],
                new float[depths][columns][],
                new double[depths][columns][],
                new double[depths][columns]);
        LensReading.read(run, positions, (depth, column, logits, logSumExp) -> {
            LogitRow.Top top = logits.top(count);
            found.ids()[depth][column] = top.ids();
            found.logits()[depth][column] = top.logits();
            found.probabilities()[depth][column] = probabilities(top.logits(), logSumExp);
            found.logSumExp()[depth][column] = logSumExp;
        });
        return new LensTop(grid, found, words(found.ids()));
    }

    /**
     * How every depth and position rates one token as the next.
     *
     * @throws IllegalArgumentException if the model has no such token
     */
    public LensToken token(int id) {
        TokenLabels.require(model, id);
        LensGrid grid = grid();
        int depths = grid.depths();
        int columns = grid.columns();
        var found =
                new LensToken.Values(new int[depths][columns], new double[depths][columns], new float[depths][columns]);
        LensReading.read(run, positions, (depth, column, logits, logSumExp) -> {
            found.ranks()[depth][column] = logits.rank(id);
            found.logits()[depth][column] = logits.at(id);
            found.probabilities()[depth][column] = Math.exp(logits.at(id) - logSumExp);
        });
        return new LensToken(grid, id, Word.of(model, id), model.config().vocabulary(), found);
    }

    /**
     * As {@link #token(int)}, for a token by its text; words inside a sentence start with a space, such as {@code " Paris"}.
     *
     * @throws IllegalArgumentException if the text is not exactly one token; the message shows its tokens
     */
    public LensToken token(String text) {
        return token(model.tokenizer().idOf(text));
    }

    /** From which depth on each position's prediction is settled; within 0.1 nats for the soft version. */
    public PredictionDepth predictionDepth() {
        return predictionDepth(DEFAULT_DIVERGENCE);
    }

    /**
     * From which depth on each position's prediction is settled.
     *
     * @param divergence in nats; the soft version asks for less than this from the final distribution
     */
    public PredictionDepth predictionDepth(double divergence) {
        return PredictionDepth.read(run, positions, divergence);
    }

    @Override
    public Map<String, Object> mimeBundle() {
        return top(DEFAULT_TOP).mimeBundle();
    }

    @Override
    public String toString() {
        return "logit lens over %d depths and %s of %d tokens; ask for top(5) or token(\" word\")"
                .formatted(LensReading.depths(model), positions.label(), tokens.size());
    }

    private LensGrid grid() {
        return LensGrid.of(run, positions);
    }

    private Map<Integer, Word> words(int[][][] ids) {
        var words = new HashMap<Integer, Word>();
        for (int[][] positionsOfDepth : ids) {
            for (int[] ranking : positionsOfDepth) {
                for (int id : ranking) {
                    words.computeIfAbsent(id, unknown -> Word.of(model, unknown));
                }
            }
        }
        return words;
    }

    private static double[] probabilities(float[] logits, double logSumExp) {
        var probabilities = new double[logits.length];
        for (int i = 0; i < logits.length; i++) {
            probabilities[i] = Math.exp(logits[i] - logSumExp);
        }
        return probabilities;
    }
}
