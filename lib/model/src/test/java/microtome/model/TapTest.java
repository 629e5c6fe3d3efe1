package microtome.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.function.UnaryOperator;
import microtome.model.store.ModelStore;
import microtome.model.token.TokenSequence;
import microtome.tensor.Tensor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TapTest {
    private static final TokenSequence TOKENS = TokenSequence.ofIds(new int[] {5, 17, 96, 0, 42});

    private static LanguageModel model;

    @BeforeAll
    static void load() {
        String folder = ReferenceData.path("architectures/llama-tied").toString();
        model = LanguageModel.load(ModelStore.standard().resolve(folder), LoadOptions.DEFAULT);
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @Test
    void writingAnyValueBackUnchangedLeavesTheLogitsBitIdentical() {
        for (Site site : model.sites()) {
            Values seen =
                    model.activations(TOKENS, List.of(site, Site.logits())).at(site);
            float[] read = logitsWith(site, value -> value);
            float[] written = logitsWith(site, value -> copyOf(seen, value));
            assertThat(written).as(site.name()).isEqualTo(read);
        }
    }

    @Test
    void readingAResidualOrAContributionLeavesTheLogitsAsTheyAre() {
        float[] plain = model.activations(TOKENS, List.of(Site.logits()))
                .at(Site.logits())
                .array();
        for (Site site : model.sites()) {
            assertClose(site.name(), logitsWith(site, value -> value), plain);
        }
    }

    @Test
    void aChangedValueChangesWhatComesAfterItAndNothingBefore() {
        var sites = List.of(Site.residual(1), Site.residual(2), Site.logits());
        Activations before = model.activations(TOKENS, sites);
        var seen = new java.util.TreeMap<Site, Values>();
        model.run(
                List.of(TOKENS),
                Tap.all(List.of(new One(Site.mlpOutput(1), value -> value.times(0)), recorder(seen, sites))));
        assertThat(seen.get(Site.residual(1)).array())
                .isEqualTo(before.at(Site.residual(1)).array());
        assertThat(seen.get(Site.residual(2)).array())
                .isNotEqualTo(before.at(Site.residual(2)).array());
        assertThat(seen.get(Site.logits()).array())
                .isNotEqualTo(before.at(Site.logits()).array());
    }

    @Test
    void anEditedPatternIsTheOneThatWeighsTheValues() {
        var seen = new java.util.TreeMap<Site, Values>();
        var edit = new One(Site.pattern(1), TapTest::onlyTheLastToken);
        var sites = List.of(new Site(Site.Kind.VALUE, 1), Site.headOutput(1));
        model.run(List.of(TOKENS), Tap.all(List.of(edit, recorder(seen, sites))));
        Values value = seen.get(new Site(Site.Kind.VALUE, 1)); // [positions, key heads, head width]
        Values mixed = seen.get(Site.headOutput(1)); // [positions, heads, head width]
        int heads = model.config().heads();
        int group = heads / model.config().keyValueHeads();
        for (int position = 0; position < 5; position++) {
            for (int head = 0; head < heads; head++) {
                assertThat(mixed.row(position, head)).isEqualTo(value.row(4, head / group));
            }
        }
    }

    /** Every token listens to the last one, which causality would hide. */
    private static Tensor onlyTheLastToken(Tensor pattern) {
        var numbers = new float[Math.toIntExact(pattern.shape().elements())];
        for (int at = 4; at < numbers.length; at += 5) {
            numbers[at] = 1;
        }
        return model.engine().tensor(numbers, pattern.shape().extents());
    }

    @Test
    void thePatternIsTheSoftmaxOfTheScoresAndItsRowsSumToOne() {
        Activations read = model.activations(TOKENS, List.of(Site.scores(1), Site.pattern(1)));
        Values scores = read.at(Site.scores(1));
        Values pattern = read.at(Site.pattern(1));
        for (int head = 0; head < model.config().heads(); head++) {
            for (int query = 0; query < TOKENS.size(); query++) {
                double sum = 0;
                for (int key = 0; key < TOKENS.size(); key++) {
                    sum += pattern.at(head, query, key);
                    boolean masked = key > query;
                    assertThat(Float.isInfinite(scores.at(head, query, key))).isEqualTo(masked);
                    assertThat(pattern.at(head, query, key) == 0).isEqualTo(masked);
                }
                assertThat(sum).isCloseTo(1, within(1e-6));
            }
        }
    }

    @Test
    void aPassStopsAtTheDeepestSiteThatIsWanted() {
        assertThat(stepFor(Site.residual(0)).blocksNeeded()).isZero();
        assertThat(stepFor(Site.residual(2)).blocksNeeded()).isEqualTo(2);
        assertThat(stepFor(Site.pattern(0)).blocksNeeded()).isEqualTo(1);
        assertThat(stepFor(Site.pattern(0)).endsInAttention(0)).isTrue();
        assertThat(stepFor(Site.mlpOutput(0)).endsInAttention(0)).isFalse();
        assertThat(stepFor(Site.residual(3)).wantsAfterBlocks()).isFalse();
        assertThat(stepFor(Site.logits()).wantsAfterBlocks()).isTrue();
    }

    @Test
    void aTapThatGivesBackAnotherShapeIsNamed() {
        assertThatThrownBy(() -> logitsWith(Site.residual(1), value -> value.slice(1, 0, 2)))
                .hasMessage("tap at residual.1: gave back F32 [1, 2, 32], the value there is F32 [1, 5, 32]");
    }

    @Test
    void promptsThatCannotRunSayWhy() {
        assertThatThrownBy(() -> activationsOf()).hasMessageContaining("the prompt has no tokens");
        assertThatThrownBy(() -> activationsOf(1, 97))
                .hasMessage("token id 97 is out of range; this model has ids 0..96");
        assertThatThrownBy(() -> activationsOf(-1)).hasMessageContaining("token id -1 is out of range");
        assertThatThrownBy(() -> activationsOf(new int[65]))
                .hasMessage("the prompt has 65 tokens, the model's context is 64; shorten it by 1 tokens");
        assertThatThrownBy(() -> model.activations(TOKENS, List.of(Site.residual(4))))
                .hasMessageContaining("this model has residual.0 to residual.3");
    }

    @Test
    void passesLeaveNothingBehind() {
        model.activations(TOKENS, model.sites());
        long tensors = model.engine().liveTensors();
        for (int i = 0; i < 50; i++) {
            model.activations(TOKENS, model.sites());
        }
        assertThat(model.engine().liveTensors()).isEqualTo(tensors);
    }

    private static void activationsOf(int... ids) {
        model.activations(TokenSequence.ofIds(ids), List.of(Site.logits()));
    }

    private static Step stepFor(Site site) {
        return new Step(
                new One(site, value -> value), model.sites(), model.config().blocks(), List.of(), Past.NONE);
    }

    private static float[] logitsWith(Site site, UnaryOperator<Tensor> edit) {
        var seen = new java.util.TreeMap<Site, Values>();
        model.run(List.of(TOKENS), Tap.all(List.of(new One(site, edit), recorder(seen, List.of(Site.logits())))));
        return seen.get(Site.logits()).array();
    }

    private static Tensor copyOf(Values seen, Tensor value) {
        return model.engine().tensor(seen.array(), value.shape().extents());
    }

    private static Tap recorder(java.util.Map<Site, Values> seen, List<Site> sites) {
        return new Tap() {
            @Override
            public boolean wants(Site site) {
                return sites.contains(site);
            }

            @Override
            public Tensor at(Site site, Tensor value) {
                seen.put(site, Values.of(value).withoutLeadingAxis());
                return value;
            }
        };
    }

    private static void assertClose(String what, float[] ours, float[] theirs) {
        for (int i = 0; i < ours.length; i++) {
            assertThat(ours[i]).as(what).isCloseTo(theirs[i], within(1e-5f));
        }
    }

    private record One(Site site, UnaryOperator<Tensor> edit) implements Tap {
        @Override
        public boolean wants(Site asked) {
            return asked.equals(site);
        }

        @Override
        public Tensor at(Site asked, Tensor value) {
            return edit.apply(value);
        }
    }
}
