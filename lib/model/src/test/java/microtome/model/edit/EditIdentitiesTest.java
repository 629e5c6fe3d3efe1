package microtome.model.edit;

import static microtome.model.edit.SmallModel.OTHER;
import static microtome.model.edit.SmallModel.TOKENS;
import static microtome.model.edit.SmallModel.listening;
import static microtome.model.edit.SmallModel.logits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import microtome.model.Activations;
import microtome.model.Harvest;
import microtome.model.Head;
import microtome.model.LanguageModel;
import microtome.model.Site;
import microtome.model.Site.Kind;
import microtome.model.StepTap;
import microtome.model.Tap;
import microtome.model.Values;
import microtome.model.token.TokenSequence;
import microtome.tensor.Shape;
import microtome.tensor.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What edits do to a run, as identities between runs that hold bit by bit. */
class EditIdentitiesTest {
    /** The bound of the reference data of this model, which two F32 implementations of it keep. */
    private static final float BOUND = 2e-5f;

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu"})
    void anEditThatChangesNothingLeavesTheBitsOfARunThatListensThere(String backend) {
        try (var model = SmallModel.open(backend)) {
            for (Site site : model.sites()) {
                float[] plain = logits(model, TOKENS, listening(List.of(site)));
                for (Edit edit : changingNothing(model, site)) {
                    assertThat(logits(model, TOKENS, Edits.of(edit)))
                            .as(edit.toString())
                            .isEqualTo(plain);
                    assertThat(logits(model, TOKENS, Edits.of(edit.positions(1, -1))))
                            .as("%s, two positions", edit)
                            .isEqualTo(plain);
                }
            }
        }
    }

    private static List<Edit> changingNothing(LanguageModel model, Site site) {
        Activations own = model.activations(TOKENS, List.of(site));
        var edits = new ArrayList<>(List.of(
                Edit.scale(site, 1),
                Edit.replace(site, own),
                Edit.freeze(site, own),
                Edit.custom(site, "the same", value -> value)));
        var axes = SiteAxes.of(site.kind(), model.config());
        if (!axes.byHead()) {
            var vector = new float[axes.lastExtent(model.config(), TOKENS.size())];
            Arrays.fill(vector, 3);
            edits.add(Edit.add(site, vector, 0));
        }
        return edits;
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu"})
    void noEditsAreThePlainRun(String backend) {
        try (var model = SmallModel.open(backend)) {
            float[] plain = model.activations(TOKENS, List.of(Site.logits()))
                    .at(Site.logits())
                    .array();
            assertThat(logits(model, TOKENS, Edits.none())).isEqualTo(plain);
            assertThat(RunPlan.of(model, TOKENS)
                            .activations(List.of(Site.logits()))
                            .at(Site.logits())
                            .array())
                    .isEqualTo(plain);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu"})
    void replacingEverySiteByThoseOfAnotherRunGivesTheLogitsOfTheOther(String backend) {
        try (var model = SmallModel.open(backend)) {
            List<Site> sites = model.sites().stream()
                    .filter(site -> !site.equals(Site.logits()))
                    .toList();
            Activations other = model.activations(OTHER, sites);
            Edits all = new Edits(
                    sites.stream().map(site -> Edit.replace(site, other)).toList());
            assertThat(logits(model, TOKENS, all)).isEqualTo(logits(model, OTHER, listening(sites)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu"})
    void theStreamAtAnyDepthDecidesTheLogits(String backend) {
        try (var model = SmallModel.open(backend)) {
            for (int depth = 0; depth <= model.config().blocks(); depth++) {
                Site site = Site.residual(depth);
                Edit edit = Edit.replace(site, model.activations(OTHER, List.of(site)));
                assertThat(logits(model, TOKENS, Edits.of(edit)))
                        .isEqualTo(logits(model, OTHER, listening(List.of(site))));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu"})
    void anEditedPositionChangesNothingBeforeIt(String backend) {
        try (var model = SmallModel.open(backend)) {
            int vocabulary = model.config().vocabulary();
            for (Site site : List.of(Site.residual(1), Site.mlpActivation(1), Site.pattern(1), Site.headOutput(0))) {
                float[] plain = logits(model, TOKENS, listening(List.of(site)));
                float[] edited = logits(model, TOKENS, Edits.of(Edit.zero(site).positions(3)));
                assertThat(Arrays.copyOf(edited, 3 * vocabulary))
                        .as(site.name())
                        .isEqualTo(Arrays.copyOf(plain, 3 * vocabulary));
                for (int position = 3; position < 5; position++) {
                    assertThat(row(edited, position, vocabulary)).isNotEqualTo(row(plain, position, vocabulary));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu"})
    void tenEditsTogetherAreTheTenOneAfterAnother(String backend) {
        try (var model = SmallModel.open(backend)) {
            List<Edit> ten = ten(model);
            Tap sequential = Tap.all(ten.stream()
                    .map(edit -> Edits.of(edit).tap(model, List.of(TOKENS)))
                    .toList());
            assertThat(logits(model, TOKENS, new Edits(ten))).isEqualTo(logits(model, TOKENS, sequential));
            assertThat(logits(model, TOKENS, new Edits(ten.reversed())))
                    .as("the order counts")
                    .isNotEqualTo(logits(model, TOKENS, sequential));
        }
    }

    private static List<Edit> ten(LanguageModel model) {
        Activations other = model.activations(OTHER, model.sites());
        Site stream = Site.residual(1);
        float[] vector = random(model.config().width());
        return List.of(
                Edit.add(stream, vector, 2),
                Edit.scale(stream, 0.5).positions(0, 2),
                Edit.projectOut(stream, vector).from(1),
                Edit.replace(stream, other).positions(-1),
                Edit.zero(new Head(1, 2)),
                Edit.scale(Site.headOutput(0), -1).heads(0, 3).layers(0, 2),
                Edit.keepOnly(Site.mlpOutput(1), vector).at(Positions.range(1, 2)),
                Edit.replace(Site.pattern(2), other).head(1),
                Edit.mean(Site.mlpOutput(0), new Values(Shape.of(vector.length), vector)),
                Edit.add(stream, vector, -1).from(-2));
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu"})
    void aPositionIsEditedInWhicheverPassItComes(String backend) {
        try (var model = SmallModel.open(backend)) {
            Activations donor = model.activations(TokenSequence.ofIds(9, 8, 7, 6, 5, 4, 3), model.sites());
            float[] vector = random(model.config().width());
            var whole = TokenSequence.ofIds(5, 17, 96, 0, 42, 8, 33);
            Edits edits = Edits.of(
                    Edit.add(Site.residual(1), vector, 1).positions(5),
                    Edit.replace(Site.pattern(1), donor).positions(2, 6),
                    Edit.zero(new Head(2, 1)).positions(5),
                    Edit.replace(Site.mlpOutput(0), donor).positions(5));
            float[] expected = logits(model, whole, edits);
            StepTap steps = edits.growing(model, TOKENS);
            float[] got = growing(model, whole, steps);
            assertThat(got).containsExactly(expected, within(BOUND));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu"})
    void anEditOfAGeneratedPositionChangesExactlyTheTokensFromThere(String backend) {
        try (var model = SmallModel.open(backend)) {
            var whole = TokenSequence.ofIds(5, 17, 96, 0, 42, 8, 33);
            int vocabulary = model.config().vocabulary();
            Edits edits = Edits.of(Edit.scale(Site.mlpOutput(1), 3).positions(5));
            float[] plain = growing(model, whole, StepTap.NONE);
            float[] edited = growing(model, whole, edits.growing(model, TOKENS));
            assertThat(Arrays.copyOf(edited, 5 * vocabulary)).isEqualTo(Arrays.copyOf(plain, 5 * vocabulary));
            for (int position = 5; position < 7; position++) {
                assertThat(row(edited, position, vocabulary)).isNotEqualTo(row(plain, position, vocabulary));
            }
        }
    }

    /** Logits of a prompt of 5 and of what follows token by token. */
    private static float[] growing(LanguageModel model, TokenSequence whole, StepTap steps) {
        int vocabulary = model.config().vocabulary();
        var all = new float[whole.size() * vocabulary];
        int[] ids = whole.ids();
        try (var continuation = model.continuation()) {
            for (int first = 0; first < ids.length; first = first == 0 ? 5 : first + 1) {
                int end = first == 0 ? 5 : first + 1;
                var seen = new TreeMap<Site, Values>();
                continuation.run(
                        List.of(TokenSequence.ofIds(Arrays.copyOfRange(ids, first, end))),
                        Tap.all(List.of(steps.from(first), new Recorder(Site.logits()::equals, seen))));
                float[] logits = seen.get(Site.logits()).array();
                System.arraycopy(logits, 0, all, first * vocabulary, logits.length);
            }
        }
        return all;
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu"})
    void onlyTheChosenSequencesOfABatchAreEdited(String backend) {
        try (var model = SmallModel.open(backend)) {
            Edits second = Edits.of(Edit.zero(Site.mlpOutput(1)).sequences(1));
            var seen = new TreeMap<Site, Values>();
            model.run(
                    List.of(TOKENS, TOKENS),
                    Tap.all(List.of(
                            second.tap(model, List.of(TOKENS, TOKENS)), new Recorder(Site.residual(2)::equals, seen))));
            Values stream = seen.get(Site.residual(2));
            Site middle = Site.residualMiddle(1);
            Activations read = model.activations(TOKENS, List.of(middle, Site.mlpOutput(1), Site.residual(2)));
            assertThat(stream.row(0)).containsExactly(read.at(Site.residual(2)).array(), within(BOUND));
            assertThat(stream.row(1)).containsExactly(read.at(middle).array(), within(BOUND));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu"})
    void valuesThatAreHeldIgnoreTheOtherEdits(String backend) {
        try (var model = SmallModel.open(backend)) {
            List<Site> held = List.of(Site.pattern(1), new Site(Kind.MLP_NORM_SCALE, 2), Site.pattern(2));
            Activations plain = model.activations(TOKENS, held);
            Edit wild = Edit.scale(Site.mlpOutput(0), 5);
            var free = new RunPlan(model, TOKENS, Edits.of(wild)).activations(held);
            var frozen = new RunPlan(
                            model,
                            TOKENS,
                            wild.then(Edit.freeze(Site.pattern(1)).layers(1, 2))
                                    .then(Edit.freeze(new Site(Kind.MLP_NORM_SCALE, 2))))
                    .activations(held);
            for (Site site : held) {
                assertThat(free.at(site).array())
                        .as(site.name())
                        .isNotEqualTo(plain.at(site).array());
                assertThat(frozen.at(site).array())
                        .as(site.name())
                        .isEqualTo(plain.at(site).array());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu"})
    void gradientsFlowThroughEdits(String backend) {
        try (var model = SmallModel.open(backend);
                var scope = model.engine().openScope();
                var tape = model.engine().record()) {
            var before = new Harvest(scope, List.of(Site.residual(1)));
            var after = new Harvest(scope, List.of(Site.residual(1)));
            Tap edits = Edits.of(Edit.scale(Site.residual(1), 3).positions(2)).tap(model, List.of(TOKENS));
            model.run(List.of(TOKENS), Tap.all(List.of(before, edits, after)));
            Tensor sum = after.get(Site.residual(1)).reshape(-1).sum(0);
            float[] gradient = tape.gradient(sum, before.get(Site.residual(1))).toFloats();
            int width = model.config().width();
            for (int position = 0; position < TOKENS.size(); position++) {
                assertThat(row(gradient, position, width)).containsOnly(position == 2 ? 3 : 1);
            }
        }
    }

    private static float[] row(float[] all, int row, int width) {
        return Arrays.copyOfRange(all, row * width, (row + 1) * width);
    }

    private static float[] random(int width) {
        var random = new Random(5);
        var vector = new float[width];
        for (int i = 0; i < width; i++) {
            vector[i] = (float) random.nextGaussian();
        }
        return vector;
    }
}
