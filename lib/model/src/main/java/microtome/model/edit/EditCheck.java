package microtome.model.edit;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import microtome.model.LanguageModel;
import microtome.model.Site;
import microtome.model.Values;
import microtome.model.config.ModelConfig;
import microtome.model.token.TokenSequence;

/** Says before a pass what an edit cannot do. */
final class EditCheck {
    private EditCheck() {}

    /** What can be said without a model: the last axis of weights over keys is no space of features. */
    static void requireSupported(Place place, Change change) {
        boolean needsFeatures = switch (change) {
            case Change.Add _, Change.ProjectOut _, Change.KeepOnly _ -> true;
            case Change.Zero _, Change.Scale _, Change.Replace _, Change.Mean _, Change.Freeze _, Change.Custom _ ->
                false;
        };
        if (needsFeatures && SiteAxes.isByHead(place.kind())) {
            throw new IllegalArgumentException(
                    "%s: cannot %s; its last axis is the tokens that are listened to, and grows with the run. Use zero, scale, replace, freeze or custom"
                            .formatted(place, change.words()));
        }
    }

    /**
     * The edit with its positions counted from the start of the prompt.
     *
     * @param grows whether the run goes on behind the prompt
     * @throws IllegalArgumentException if the model has no such site, head or width, or the run no such position
     */
    static Edit fitted(Edit edit, LanguageModel model, List<TokenSequence> prompts, boolean grows) {
        Place place = edit.place();
        ModelConfig config = model.config();
        TokenSequence prompt = prompts.getFirst();
        place.sites().forEach(site -> site.checkedFor(config));
        requireHeads(place, config);
        requireSequences(place, prompts.size(), grows);
        Place absolute;
        try {
            absolute = place.positions(place.positions().in(prompt, grows));
        } catch (IllegalArgumentException wrong) {
            throw new IllegalArgumentException("edit at %s: %s".formatted(place, wrong.getMessage()), wrong);
        }
        requireFitting(edit, config, prompt.size());
        return new Edit(absolute, edit.change());
    }

    private static void requireHeads(Place place, ModelConfig config) {
        SiteAxes axes = SiteAxes.of(place.kind(), config);
        if (!place.heads().isEmpty() && !axes.hasHeads()) {
            throw new IllegalArgumentException(
                    "edit at %s: this model norms across all heads, so there is one scale for them; leave the heads out"
                            .formatted(place));
        }
        for (int head : place.heads()) {
            int heads = axes.heads(config);
            if (head >= heads) {
                throw new IllegalArgumentException("edit at %s: head %d does not exist; %s has heads 0..%d"
                        .formatted(place, head, SiteAxes.label(place.kind()), heads - 1));
            }
        }
    }

    private static void requireSequences(Place place, int sequences, boolean grows) {
        if (grows && !place.sequences().isEmpty()) {
            throw new IllegalArgumentException(
                    "edit at %s: sequences cannot be chosen while text is generated; run the prompts one by one"
                            .formatted(place));
        }
        for (int sequence : place.sequences()) {
            if (sequence >= sequences) {
                throw new IllegalArgumentException("edit at %s: sequence %d does not exist; the run has 0..%d"
                        .formatted(place, sequence, sequences - 1));
            }
        }
    }

    private static void requireFitting(Edit edit, ModelConfig config, int positions) {
        Place place = edit.place();
        switch (edit.change()) {
            case Change.Add(Direction direction, double _) -> requireWidth(place, direction, config);
            case Change.ProjectOut(Direction direction) -> requireWidth(place, direction, config);
            case Change.KeepOnly(Direction direction) -> requireWidth(place, direction, config);
            case Change.Replace(Given values) -> requireShape(place, values, config, positions);
            case Change.Mean(Given mean) -> requireShape(place, mean, config, positions);
            case Change.Freeze(Optional<Given> run) ->
                run.ifPresent(given -> requireShape(place, given, config, positions));
            case Change.Zero _, Change.Scale _, Change.Custom _ -> {}
        }
    }

    private static void requireWidth(Place place, Direction direction, ModelConfig config) {
        int width = SiteAxes.of(place.kind(), config).lastExtent(config, 0);
        if (direction.width() != width) {
            throw new IllegalArgumentException("edit at %s: the direction has %d elements, the value there is %d wide"
                    .formatted(place, direction.width(), width));
        }
    }

    /** Given values may be shorter or longer in positions only where the selected ones are all there. */
    private static void requireShape(Place place, Given given, ModelConfig config, int positions) {
        SiteAxes axes = SiteAxes.of(place.kind(), config);
        for (Site site : place.sites()) {
            Values values = given.at(site);
            long[] theirs = values.shape().extents();
            List<Integer> ours = axes.shape(config, positions);
            boolean fits = theirs.length > 0 && theirs.length <= ours.size();
            for (int fromEnd = 1; fits && fromEnd <= theirs.length; fromEnd++) {
                int axis = axes.rank() - fromEnd;
                boolean grows = axis == axes.positionAxis() || (axes.byHead() && fromEnd == 1);
                fits = grows || theirs[theirs.length - fromEnd] == ours.get(ours.size() - fromEnd);
            }
            if (!fits) {
                throw new IllegalArgumentException(
                        "edit at %s: the values for %s are %s, the value there is %s; give that shape, or leave leading axes out to use the same everywhere"
                                .formatted(place, site, Arrays.toString(theirs), ours));
            }
            requirePositions(place, new GivenRows(axes, values), positions);
        }
    }

    private static void requirePositions(Place place, GivenRows rows, int positions) {
        int count = rows.positions();
        if (count < 0 || (place.positions().isAll() && count == positions)) {
            return;
        }
        Positions absolute = place.positions();
        if (absolute.isAll()) {
            throw new IllegalArgumentException(
                    "edit at %s: the values have %d positions, the prompt has %d; choose the positions that are meant, for example .positions(-1), or run prompts of one length"
                            .formatted(place, count, positions));
        }
        for (Positions.Span span : absolute.spans()) {
            Positions.Span inside = span.in(positions);
            int last = inside.open() ? positions - 1 : inside.last();
            if (last >= count) {
                throw new IllegalArgumentException("edit at %s: position %d is chosen, the given values have 0..%d"
                        .formatted(place, last, count - 1));
            }
        }
    }
}
