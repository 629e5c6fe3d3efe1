package microtome.model.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import microtome.model.Site;
import microtome.model.StepTap;
import microtome.model.Tap;
import microtome.model.Values;
import microtome.model.token.TokenSequence;
import microtome.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GenerationTest {
    private static final TokenSequence PROMPT = Models.ids(5, 17, 96, 0, 42);
    /** The bound of the reference data of this model, which two F32 implementations of it keep. */
    private static final float BOUND = 2e-5f;

    private static final Sampling LIVELY =
            Sampling.PLAIN.temperature(1.2).topP(0.95).seed(3);

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu"})
    void everyGreedyWayGivesTheSameTokens(String backend) {
        try (var model = Models.tiny(backend)) {
            int[] expected = model.greedy(PROMPT, 20);
            Generation request = Generation.of(PROMPT).tokens(20).pastEndOfText();
            for (Generation same : List.of(
                    request,
                    request.logProbabilities(),
                    request.sampling(Sampling.PLAIN.topK(1)),
                    request.sampling(Sampling.PLAIN.topP(1e-9)),
                    request.sampling(Sampling.PLAIN.minP(1)),
                    request.sampling(Sampling.PLAIN.temperature(1e-6)))) {
                assertThat(same.run(model).first().ids())
                        .as("%s", same.choice())
                        .isEqualTo(expected);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu"})
    void whatIsWrittenDoesNotDependOnTheBatch(String backend) {
        try (var model = Models.tiny(backend)) {
            List<TokenSequence> prompts = List.of(
                    PROMPT,
                    Models.ids(1, 3, 4, 6, 44),
                    Models.ids(9),
                    PROMPT,
                    Models.ids(90, 8, 7, 11, 31),
                    Models.ids(8, 9));
            for (Choice choice : List.of(new Greedy(), LIVELY)) {
                Generation request =
                        Generation.of(prompts).tokens(12).choice(choice).logProbabilities();
                List<GeneratedText> together = request.run(model).texts();
                for (int i : new int[] {0, 1, 2, 4, 5}) {
                    GeneratedText alone = Generation.of(prompts.get(i))
                            .tokens(12)
                            .choice(choice)
                            .logProbabilities()
                            .run(model)
                            .first();
                    assertThat(together.get(i).ids()).as("prompt %d", i).isEqualTo(alone.ids());
                    // An MLP of 56 is not a whole number of vectors, so that roundings may depend on the number of
                    // rows.
                    assertThat(together.get(i).logProbabilities())
                            .containsExactly(alone.logProbabilities(), within(backend.equals("cpu") ? BOUND : 0.0));
                    assertThat(together.get(i).ending()).isEqualTo(alone.ending());
                }
                boolean chance = choice instanceof Sampling;
                assertThat(Arrays.equals(together.get(0).ids(), together.get(3).ids()))
                        .isEqualTo(!chance);
            }
        }
    }

    @Test
    void theSameSeedGivesTheSameTextAndAnotherSeedAnother() {
        try (var model = Models.tiny("reference")) {
            Generation request =
                    Generation.of(PROMPT).tokens(16).sampling(LIVELY).pastEndOfText();
            int[] first = request.run(model).first().ids();
            assertThat(request.run(model).first().ids()).isEqualTo(first);
            assertThat(request.sampling(LIVELY.seed(4)).run(model).first().ids())
                    .isNotEqualTo(first);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu"})
    void watchedSitesAreThoseOfOnePassOverPromptAndText(String backend) {
        try (var model = Models.tiny(backend)) {
            List<Site> sites = model.sites();
            Generated generated = Generation.of(PROMPT, Models.ids(3, 1, 4, 1, 5), Models.ids(2, 7))
                    .tokens(6)
                    .watching(sites.toArray(Site[]::new))
                    .run(model);
            for (GeneratedText text : generated.texts()) {
                var whole = model.activations(text.whole(), sites);
                for (Site site : sites) {
                    assertSame(site, text.at(site), whole.at(site));
                }
            }
        }
    }

    private static void assertSame(Site site, Values ours, Values theirs) {
        assertThat(ours.shape()).as("%s", site).isEqualTo(theirs.shape());
        for (int i = 0; i < ours.array().length; i++) {
            float left = ours.array()[i];
            float right = theirs.array()[i];
            assertThat(left == right || Math.abs(left - right) <= BOUND)
                    .as("%s, element %d: %s and %s", site, i, left, right)
                    .isTrue();
        }
    }

    /** A sequence that ends early leaves, and those that stay go on as they were. */
    @Test
    void aSequenceThatEndsEarlyIsWatchedToItsEndAndTheOthersGoOn() {
        try (var model = Models.tiny("cpu")) {
            Site site = Site.residual(2);
            StepTap ends = first -> forced(first == 7 ? 2 : -1);
            Generation request = Generation.of(PROMPT).tokens(9).logProbabilities();
            GeneratedText free =
                    request.watching(site).pastEndOfText().run(model, ends).first();
            GeneratedText ended = request.watching(site).run(model, ends).first();
            assertThat(ended.ending()).isEqualTo(Ending.END_OF_TEXT);
            assertThat(ended.ids()).hasSize(4).endsWith(2).isEqualTo(Arrays.copyOf(free.ids(), 4));
            assertThat(ended.text())
                    .isEqualTo(" #%d #%d #%d".formatted(ended.ids()[0], ended.ids()[1], ended.ids()[2]));
            assertThat(ended.at(site).shape().extent(0)).isEqualTo(9);
            assertThat(ended.at(site).array())
                    .isEqualTo(Arrays.copyOf(free.at(site).array(), 9 * 32));
        }
    }

    /** Makes this token the only possible one; none when negative. */
    private static Tap forced(int token) {
        return token < 0
                ? Tap.NONE
                : changing(Site.logits(), value -> {
                    var logits = new float[(int) value.shape().elements()];
                    Arrays.fill(logits, Float.NEGATIVE_INFINITY);
                    for (int at = token; at < logits.length; at += 97) {
                        logits[at] = 0;
                    }
                    return value.engine().tensor(logits, value.shape().extents());
                });
    }

    private interface Change {
        Tensor of(Tensor value);
    }

    private static Tap changing(Site wanted, Change change) {
        return new Tap() {
            @Override
            public boolean wants(Site site) {
                return site.equals(wanted);
            }

            @Override
            public Tensor at(Site site, Tensor value) {
                return change.of(value);
            }
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu"})
    void anEditAtAWrittenPositionChangesExactlyTheLaterTokens(String backend) {
        try (var model = Models.tiny(backend)) {
            int position = 8; // the fourth written token stands there
            StepTap edit = first -> first == position ? changing(Site.residual(1), value -> value.times(-3)) : Tap.NONE;
            Generation request =
                    Generation.of(PROMPT).tokens(10).pastEndOfText().logProbabilities();
            GeneratedText plain = request.run(model).first();
            GeneratedText edited = request.run(model, edit).first();
            int same = position - PROMPT.size() + 1;
            assertThat(Arrays.copyOf(edited.ids(), same)).isEqualTo(Arrays.copyOf(plain.ids(), same));
            assertThat(Arrays.copyOf(edited.logProbabilities(), same))
                    .isEqualTo(Arrays.copyOf(plain.logProbabilities(), same));
            for (int later = same; later < 10; later++) {
                assertThat(edited.logProbabilities()[later]).isNotEqualTo(plain.logProbabilities()[later]);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu"})
    void aTapThatChangesNothingLeavesTheBits(String backend) {
        try (var model = Models.tiny(backend)) {
            Generation request =
                    Generation.of(PROMPT).tokens(10).pastEndOfText().alternatives(97);
            for (Site site : List.of(Site.embedding(), Site.residual(1), Site.residual(3), Site.logits())) {
                assertThat(request.run(model, StepTap.always(changing(site, value -> value)))
                                .first()
                                .alternatives())
                        .as("%s", site)
                        .isEqualTo(request.run(model).first().alternatives());
            }
        }
    }

    @Test
    void everyPassLearnsWhereItsRowsStand() {
        try (var model = Models.tiny("reference")) {
            var firsts = new ArrayList<Integer>();
            Generation.of(PROMPT).tokens(4).pastEndOfText().run(model, first -> {
                firsts.add(first);
                return Tap.NONE;
            });
            assertThat(firsts).containsExactly(0, 5, 6, 7);
        }
    }

    /** 1 for every sequence but those of one prompt. */
    private static float[] factors(List<TokenSequence> prompts, TokenSequence one) {
        var factors = new float[prompts.size()];
        for (int row = 0; row < factors.length; row++) {
            factors[row] = prompts.get(row).equals(one) ? -5 : 1;
        }
        return factors;
    }

    @Test
    void tapsOfPromptsLearnWhichStandSideBySide() {
        try (var model = Models.tiny("reference")) {
            TokenSequence other = Models.ids(1, 2, 3, 4, 44);
            var asked = new ArrayList<List<TokenSequence>>();
            Generation request = Generation.of(PROMPT, other, PROMPT).tokens(3).pastEndOfText();
            List<GeneratedText> texts = request.runEach(
                            model,
                            prompts -> {
                                asked.add(prompts);
                                return first -> changing(
                                        Site.residual(2),
                                        value -> value.times(
                                                value.engine().tensor(factors(prompts, other), prompts.size(), 1, 1)));
                            },
                            Listener.NONE)
                    .texts();
            assertThat(asked).containsExactly(List.of(PROMPT), List.of(other), List.of(PROMPT, PROMPT, other));
            assertThat(texts.get(0).ids())
                    .isEqualTo(model.greedy(PROMPT, 3))
                    .isEqualTo(texts.get(2).ids());
            Tap alone = changing(Site.residual(2), value -> value.times(-5));
            assertThat(texts.get(1).ids())
                    .isEqualTo(Generation.of(other)
                            .tokens(3)
                            .pastEndOfText()
                            .run(model, StepTap.always(alone))
                            .first()
                            .ids());
        }
    }

    @Test
    void logProbabilitiesAreThoseOfTheModelWhateverTheTemperature() {
        try (var model = Models.tiny("reference")) {
            GeneratedText text = Generation.of(PROMPT)
                    .tokens(3)
                    .sampling(LIVELY.temperature(4))
                    .pastEndOfText()
                    .alternatives(3)
                    .run(model)
                    .first();
            Values logits =
                    model.activations(text.whole(), List.of(Site.logits())).at(Site.logits());
            for (int i = 0; i < 3; i++) {
                float[] row = logits.row(PROMPT.size() - 1 + i);
                double sum = IntStream.range(0, row.length)
                        .mapToDouble(id -> Math.exp(row[id]))
                        .sum();
                assertThat(text.logProbabilities()[i])
                        .isCloseTo(row[text.ids()[i]] - Math.log(sum), org.assertj.core.api.Assertions.within((double)
                                BOUND));
                List<Candidate> best = text.alternatives().get(i);
                assertThat(best).hasSize(3);
                assertThat(best.getFirst().token().id()).isEqualTo(Logits.likeliest(row));
            }
        }
    }

    @Test
    void theContextEndsATextAndAPromptThatFillsItIsReadAlone() {
        try (var model = Models.tiny("reference")) {
            Generation request = Generation.of(Models.ids(new int[62]), Models.ids(new int[64]))
                    .tokens(9)
                    .pastEndOfText()
                    .watching(Site.embedding());
            List<GeneratedText> texts = request.run(model).texts();
            assertThat(texts.get(0).ids()).hasSize(2);
            assertThat(texts.get(1).ids()).isEmpty();
            for (GeneratedText text : texts) {
                assertThat(text.ending()).isEqualTo(Ending.CONTEXT);
                assertThat(text.at(Site.embedding()).shape().extent(0)).isEqualTo(64);
            }
        }
    }

    @Test
    void anInterruptKeepsWhatWasWritten() {
        try (var model = Models.tiny("cpu")) {
            Generation request = Generation.of(PROMPT, Models.ids(1, 2, 3, 4, 5, 6))
                    .tokens(50)
                    .pastEndOfText();
            var heard = new StringBuilder();
            Generated generated = request.watching(Site.residual(1)).run(model, StepTap.NONE, (sequence, text) -> {
                assertThat(sequence).isZero();
                heard.append(text);
                if (heard.chars().filter(character -> character == '#').count() == 3) {
                    Thread.currentThread().interrupt();
                }
            });
            assertThat(Thread.interrupted()).isFalse();
            assertThat(generated.isInterrupted()).isTrue();
            assertThat(generated.first().ending()).isEqualTo(Ending.INTERRUPTED);
            assertThat(generated.first().ids()).hasSize(3).isEqualTo(model.greedy(PROMPT, 3));
            assertThat(generated.first().text()).isEqualTo(heard.toString());
            assertThat(generated.first().at(Site.residual(1)).shape().extent(0)).isEqualTo(7);
            assertThat(generated.texts().get(1).ids()).isEmpty();
            assertThat(generated.texts().get(1).ending()).isEqualTo(Ending.INTERRUPTED);
            assertThat(request.run(model).first().ids()).isEqualTo(model.greedy(PROMPT, 50));
        }
    }

    @Test
    void manyTextsNeedNoMemory() {
        try (var model = Models.tiny("cpu")) {
            Generation request = Generation.of(PROMPT, Models.ids(1, 2, 3, 4, 5), Models.ids(7))
                    .tokens(5)
                    .sampling(LIVELY)
                    .watching(Site.pattern(1));
            request.run(model);
            long tensors = model.engine().liveTensors();
            long bytes = model.engine().liveBytes();
            for (int i = 0; i < 20; i++) {
                request.run(model);
            }
            assertThat(model.engine().liveTensors()).isEqualTo(tensors);
            assertThat(model.engine().liveBytes()).isEqualTo(bytes);
        }
    }

    @Test
    void whatCannotBeWrittenSaysWhy() {
        assertThatThrownBy(() -> Generation.of()).hasMessage("generation: no prompts given; give at least one");
        assertThatThrownBy(() -> Generation.of(PROMPT, Models.ids()))
                .hasMessage(
                        "generation: prompt 1 of 2 has no tokens, and a model writes on from at least one; give a text of at least one character");
        assertThatThrownBy(() -> Generation.of(PROMPT).tokens(-1))
                .hasMessage("generation of -1 tokens: give how many to write at most, 1 or more");
        assertThatThrownBy(() -> Generation.of(PROMPT).copies(0)).hasMessageContaining("give 1 or more");
        assertThatThrownBy(() -> Generation.of(PROMPT).alternatives(-2)).hasMessageContaining("0 or more");
        assertThatThrownBy(() -> Generation.of(PROMPT).stop("a", ""))
                .hasMessage(
                        "a stop string is empty, so every text would end before it begins; give at least one character");
        try (var model = Models.tiny("reference")) {
            assertThatThrownBy(() -> Generation.of(Models.ids(new int[65])).run(model))
                    .hasMessage(
                            "generation: a prompt has 65 tokens, the model's context is 64; shorten it by 1 tokens, and by one more for each token to be written");
            assertThatThrownBy(() -> Generation.of(PROMPT).stop(".").run(model))
                    .hasMessageStartingWith("generation: stop strings [.] are looked for in the text, and model ")
                    .hasMessageContaining("came without a tokenizer");
            assertThatThrownBy(() ->
                            Generation.of(PROMPT).watching(Site.residual(4)).run(model))
                    .hasMessageContaining("residual.3");
            assertThatThrownBy(() ->
                            Generation.of(PROMPT).tokens(1).run(model).first().at(Site.embedding()))
                    .hasMessageContaining("ask for it with watching(Site...)");
            assertThatThrownBy(() -> Generation.of(Models.ids(97)).run(model)).hasMessageContaining("ids 0..96");
        }
    }
}
