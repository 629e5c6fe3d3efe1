package microtome.model.edit;

import static microtome.model.edit.SmallModel.listening;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import microtome.model.Activations;
import microtome.model.LanguageModel;
import microtome.model.Site;
import microtome.model.Site.Kind;
import microtome.model.Tap;
import microtome.model.Values;
import microtome.model.token.TokenSequence;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every site of every family can be edited, and an edit knows its shape before it runs. */
class EveryFamilyTest {
    private static final TokenSequence TOKENS = TokenSequence.ofIds(5, 17, 9, 3, 42);
    private static final TokenSequence OTHER = TokenSequence.ofIds(1, 2, 8, 4, 44);

    @ParameterizedTest
    @MethodSource("microtome.model.Architectures#all")
    void whatChangesNothingLeavesEveryBitAndWhatIsPutThereIsThere(String family) {
        try (var model = SmallModel.open("reference", family)) {
            Site deepest = model.sites().getLast();
            Activations other = model.activations(OTHER, model.sites());
            for (Site site : model.sites()) {
                float[] plain = last(model, listening(List.of(site)));
                // Read as the edited runs are: where nobody else listens the fused lane is taken.
                Activations own = model.activations(TOKENS, List.of(site, deepest));
                for (Edit edit : changingNothing(site, own, model)) {
                    float[] edited = last(model, Edits.of(edit).tap(model, List.of(TOKENS)));
                    assertThat(Arrays.equals(edited, plain))
                            .as("%s, %s", family, edit)
                            .isTrue();
                }
                Edit one = Edit.replace(site, other).positions(-1);
                float[] seen = new RunPlan(model, TOKENS, Edits.of(one))
                        .activations(List.of(site))
                        .at(site)
                        .array();
                assertThat(sharedWith(seen, other.at(site).array()))
                        .as("%s, %s", family, one)
                        .isPositive();
            }
        }
    }

    private static List<Edit> changingNothing(Site site, Activations own, LanguageModel model) {
        SiteAxes axes = SiteAxes.of(site.kind(), model.config());
        var edits = new ArrayList<>(List.of(
                Edit.scale(site, 1).positions(1, -1),
                Edit.replace(site, own),
                Edit.replace(site, own).positions(2)));
        if (axes.hasHeads()) {
            edits.add(Edit.replace(site, own).head(0).at(Positions.range(1, 3)));
        }
        if (!axes.byHead()) {
            var vector = new float[axes.lastExtent(model.config(), TOKENS.size())];
            Arrays.fill(vector, 3);
            edits.add(Edit.add(site, vector, 0).positions(0));
        }
        return edits;
    }

    private static int sharedWith(float[] seen, float[] other) {
        int same = 0;
        for (int i = 0; i < seen.length; i++) {
            same += seen[i] == other[i] ? 1 : 0;
        }
        return same;
    }

    /** The deepest value of a run. */
    private static float[] last(LanguageModel model, Tap tap) {
        Site deepest = model.sites().getLast();
        var seen = new TreeMap<Site, Values>();
        model.run(List.of(TOKENS), Tap.all(List.of(tap, new Recorder(deepest::equals, seen))));
        return seen.get(deepest).array();
    }

    @Test
    void aScaleAcrossHeadsHasNoHeads() {
        try (var across = SmallModel.open("reference", "olmo2");
                var each = SmallModel.open("reference", "qwen3")) {
            Edits edits =
                    Edits.of(Edit.scale(new Site(Kind.QUERY_NORM_SCALE, 1), 2).head(1));
            assertThatThrownBy(() -> edits.check(across, TOKENS)).hasMessageContaining("norms across all heads");
            edits.check(each, TOKENS);
        }
    }
}
