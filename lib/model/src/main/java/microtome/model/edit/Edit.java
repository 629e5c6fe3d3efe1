package microtome.model.edit;

import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import microtome.model.Activations;
import microtome.model.Head;
import microtome.model.Site;
import microtome.model.Values;
import microtome.tensor.Tensor;

/**
 * One intervention: a change at a place. A value that is attached to a run, never state of a model.
 *
 * <pre>{@code
 * Edit.zero(new Head(9, 6))
 * Edit.add(Site.residual(14), direction, 4).from(3)
 * Edit.replace(Site.mlpOutput(3), otherRun).layers(3, 7).positions(-1)
 * }</pre>
 */
public record Edit(Place place, Change change) {
    /** Checks that the change can be made at the place. */
    public Edit {
        Objects.requireNonNull(place, "place");
        EditCheck.requireSupported(place, change);
    }

    /** Sets the value at a site to 0. */
    public static Edit zero(Site site) {
        return new Edit(Place.of(site), new Change.Zero());
    }

    /** Sets the output of one head to 0, so that it adds nothing to the stream. */
    public static Edit zero(Head head) {
        return zero(head.site()).head(head.index());
    }

    /** Adds a vector of the width of the last axis, times a coefficient. */
    public static Edit add(Site site, float[] vector, double coefficient) {
        return new Edit(Place.of(site), new Change.Add(new Direction(vector), coefficient));
    }

    /** Multiplies by a number. */
    public static Edit scale(Site site, double factor) {
        return new Edit(Place.of(site), new Change.Scale(factor));
    }

    /** Multiplies the output of one head by a number. */
    public static Edit scale(Head head, double factor) {
        return scale(head.site(), factor).head(head.index());
    }

    /** Puts these values there; their shape is that of the value, or of what is left of it without leading axes. */
    public static Edit replace(Site site, Values values) {
        return new Edit(Place.of(site), new Change.Replace(Given.of(values)));
    }

    /** Puts the values of another run there, position by position. */
    public static Edit replace(Site site, Activations run) {
        return new Edit(Place.of(site), new Change.Replace(Given.of(run, site.kind())));
    }

    /** Puts the output that one head had in another run there, position by position. */
    public static Edit replace(Head head, Activations run) {
        return replace(head.site(), run).head(head.index());
    }

    /** Puts a mean there that was taken over other runs: one for all positions, or one per position. */
    public static Edit mean(Site site, Values mean) {
        return new Edit(Place.of(site), new Change.Mean(Given.of(mean)));
    }

    /** Holds a value, such as a pattern or the scale of a norm, at what it is in this run without any edit. */
    public static Edit freeze(Site site) {
        return new Edit(Place.of(site), new Change.Freeze(Optional.empty()));
    }

    /** Holds a value at what it was in a given run. */
    public static Edit freeze(Site site, Activations run) {
        return new Edit(Place.of(site), new Change.Freeze(Optional.of(Given.of(run, site.kind()))));
    }

    /** Takes the part along a direction away; its length does not matter. */
    public static Edit projectOut(Site site, float[] direction) {
        return new Edit(Place.of(site), new Change.ProjectOut(new Direction(direction)));
    }

    /** Keeps only the part along a direction; its length does not matter. */
    public static Edit keepOnly(Site site, float[] direction) {
        return new Edit(Place.of(site), new Change.KeepOnly(new Direction(direction)));
    }

    /** Any function of the whole value, {@code [sequences, positions, ...]}; it may not be saved. */
    public static Edit custom(Site site, String name, UnaryOperator<Tensor> function) {
        return new Edit(Place.of(site), new Change.Custom(name, function));
    }

    /** This edit at these positions alone; negative ones count from the end of the prompt. */
    public Edit positions(int... positions) {
        return at(Positions.of(positions));
    }

    /** This edit at the position {@code first} and all after it, those that are generated included. */
    public Edit from(int first) {
        return at(Positions.from(first));
    }

    /** This edit at other positions. */
    public Edit at(Positions positions) {
        return new Edit(place.positions(positions), change);
    }

    /** This edit for one head, counted from 0; keys and values have the fewer heads that queries share. */
    public Edit head(int head) {
        return heads(head);
    }

    /** This edit for these heads. */
    public Edit heads(int... heads) {
        return new Edit(place.heads(heads), change);
    }

    /** This edit for these sequences of a batch, counted from 0. */
    public Edit sequences(int... sequences) {
        return new Edit(place.sequences(sequences), change);
    }

    /** This edit in all blocks from {@code first} to {@code last}, both included. */
    public Edit layers(int first, int last) {
        return new Edit(place.blocks(first, last), change);
    }

    /** This edit and then another. */
    public Edits then(Edit next) {
        return Edits.of(this, next);
    }

    /** Where and what, in words. */
    @Override
    public String toString() {
        return "%s: %s".formatted(place, change.words());
    }
}
