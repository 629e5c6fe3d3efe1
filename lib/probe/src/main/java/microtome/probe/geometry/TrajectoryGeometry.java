package microtome.probe.geometry;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import microtome.display.Displayable;
import microtome.model.LanguageModel;
import microtome.model.Site;
import microtome.model.edit.RunPlan;
import microtome.model.token.TokenSequence;
import microtome.probe.data.PositionRule;
import microtome.probe.data.Provenance;
import microtome.probe.data.ResidualStream;

/**
 * A plan to measure the path of the residual stream through the layers. Options give a changed plan; a metric runs the
 * model and gives its result. As the value of a cell it shows {@link #summary()}.
 *
 * <pre>{@code
 * TrajectoryGeometry.of(model, tokens).curvature().plot();
 * TrajectoryGeometry.of(model, tokens).preset(TrajectoryOptions.CODE).summary().table();
 * }</pre>
 *
 * @see <a href="https://arxiv.org/abs/2606.09287">Latent trajectories across layers, arXiv 2606.09287</a>
 */
public final class TrajectoryGeometry implements Displayable {
    private static final String MASSIVE =
            "position 0 is part of every point; it usually carries a massive activation, which then decides the numbers";

    private final RunPlan run;
    private final LanguageModel model;
    private final TokenSequence tokens;
    private final TrajectoryOptions options;

    private TrajectoryGeometry(RunPlan run, TrajectoryOptions options) {
        this.run = run;
        this.model = run.model();
        this.tokens = run.tokens();
        this.options = options;
    }

    /** A plan with {@link TrajectoryOptions#DEFAULT}; nothing is computed yet. */
    public static TrajectoryGeometry of(LanguageModel model, TokenSequence tokens) {
        return of(RunPlan.of(model, tokens));
    }

    /** A plan for a run with edits, with {@link TrajectoryOptions#DEFAULT}; nothing is computed yet. */
    public static TrajectoryGeometry of(RunPlan run) {
        return new TrajectoryGeometry(run, TrajectoryOptions.DEFAULT);
    }

    /** This plan with all options at once, such as {@link TrajectoryOptions#PAPER} or {@link TrajectoryOptions#CODE}. */
    public TrajectoryGeometry preset(TrajectoryOptions preset) {
        return new TrajectoryGeometry(run, preset);
    }

    /** This plan with other positions, such as {@link PositionRule#MEAN_WITHOUT_FIRST}. */
    public TrajectoryGeometry position(PositionRule rule) {
        return preset(options.rule(rule));
    }

    /** This plan for one position, counted from 0. */
    public TrajectoryGeometry position(int index) {
        return position(PositionRule.position(index));
    }

    /** This plan with the final norm as one more point at the end. */
    public TrajectoryGeometry withFinalNorm() {
        return preset(options.ending(Ending.FINAL_NORM_ADDED));
    }

    /** The options of this plan. */
    public TrajectoryOptions options() {
        return options;
    }

    /** The points themselves. */
    public Trajectory trajectory() {
        var points = new ArrayList<double[]>();
        int positions = tokens.size();
        ResidualStream.read(
                run, sites(), (site, rows) -> points.add(options.rule().point(rows, positions)));
        return new Trajectory(points.toArray(double[][]::new), labels());
    }

    /** How long the path is. */
    public PathLength length() {
        return new PathLength(trajectory(), measurement());
    }

    /** How far every layer moves the point. */
    public Velocity velocity() {
        return new Velocity(trajectory(), measurement());
    }

    /** How sharply every layer turns the path. */
    public Curvature curvature() {
        return new Curvature(trajectory(), measurement());
    }

    /** How much the direction stays the same from layer to layer. */
    public LayerCosine cosine() {
        return new LayerCosine(trajectory(), measurement());
    }

    /** All metrics as one number each. */
    public GeometrySummary summary() {
        return new GeometrySummary(trajectory(), measurement());
    }

    /** The length of every step at every position. */
    public PositionMap velocityByPosition() {
        return byPosition(PositionQuantity.VELOCITY);
    }

    /** The angle of every turn at every position. */
    public PositionMap curvatureByPosition() {
        return byPosition(PositionQuantity.CURVATURE);
    }

    /** One quantity at every position on its own; the plan's rule for positions plays no part. */
    public PositionMap byPosition(PositionQuantity quantity) {
        var meter = new PositionMeter(quantity, tokens.size());
        ResidualStream.read(run, sites(), (site, rows) -> meter.add(rows));
        return new PositionMap(
                quantity,
                quantity.places(labels()),
                meter.values(),
                new Measurement(Provenance.of(run), options.depths(), List.of()),
                false);
    }

    @Override
    public Map<String, Object> mimeBundle() {
        return summary().mimeBundle();
    }

    @Override
    public String toString() {
        return "trajectory geometry of %d tokens: %s; ask for summary(), length(), velocity(), curvature() or cosine()"
                .formatted(tokens.size(), options);
    }

    private List<Site> sites() {
        return options.sites(model.config().blocks());
    }

    private List<String> labels() {
        return options.labels(model.config().blocks());
    }

    private Measurement measurement() {
        boolean readsFirst = options.rule().readsFirst(tokens.size());
        return new Measurement(Provenance.of(run), options.toString(), readsFirst ? List.of(MASSIVE) : List.of());
    }
}
