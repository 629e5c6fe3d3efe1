package microtome.model.generate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import microtome.display.Json;
import microtome.display.MimeTypes;
import microtome.model.LanguageModel;
import microtome.model.StepTap;
import microtome.model.token.Message;
import microtome.model.token.TokenSequence;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Texts of the bundled model, compared with those of another implementation. */
class BundledModelGenerationTest {
    private static LanguageModel model;
    private static Map<?, ?> prompts;

    @BeforeAll
    static void load() throws IOException {
        model = Models.bundled();
        try (var stream =
                BundledModelGenerationTest.class.getResourceAsStream("/microtome/model/smollm2/expected.json")) {
            var root = (Map<?, ?>) Json.read(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
            prompts = (Map<?, ?>) root.get("prompts");
        }
    }

    @AfterAll
    static void close() {
        if (model != null) {
            model.close();
        }
    }

    private static TokenSequence prompt(String name) {
        return model.tokenizer().encode((String) ((Map<?, ?>) prompts.get(name)).get("text"));
    }

    private static String expected(String name) {
        return (String) ((Map<?, ?>) prompts.get(name)).get("greedy20_text");
    }

    @Test
    void theGreedyTextsAreThoseOfTransformersInOneBatch() {
        List<String> names = prompts.keySet().stream().map(Object::toString).toList();
        Generated generated = Generation.of(
                        names.stream().map(BundledModelGenerationTest::prompt).toList())
                .tokens(20)
                .pastEndOfText()
                .run(model);
        for (int i = 0; i < names.size(); i++) {
            assertThat(generated.texts().get(i).text()).isEqualTo(expected(names.get(i)));
            assertThat(generated.texts().get(i).ending()).isEqualTo(Ending.LENGTH);
        }
    }

    /** Rows of a step go through the same kernel, however many they are. */
    @Test
    void aTextIsTheSameToTheBitInABatch() {
        TokenSequence one = prompt("capital");
        TokenSequence other = model.tokenizer().encode("The colour of grass is");
        assertThat(one.size()).isEqualTo(other.size());
        Generation request = Generation.of(one, other, one)
                .tokens(8)
                .sampling(Sampling.PLAIN.temperature(0.8).topP(0.95).seed(5))
                .logProbabilities();
        GeneratedText alone = request.run(model).first();
        GeneratedText beside = Generation.of(one)
                .tokens(8)
                .sampling(Sampling.PLAIN.temperature(0.8).topP(0.95).seed(5))
                .logProbabilities()
                .run(model)
                .first();
        assertThat(beside.ids()).isEqualTo(alone.ids());
        assertThat(beside.logProbabilities()).isEqualTo(alone.logProbabilities());
    }

    @Test
    void aStopStringAcrossTokensEndsTheText() {
        String whole = expected("capital");
        String stop = "answer is: 2018";
        assertThat(whole).contains(stop);
        assertThat(model.tokenizer().encode(stop).size()).isGreaterThan(2);
        var heard = new ArrayList<String>();
        Generated generated = Generation.of(prompt("capital"))
                .tokens(20)
                .stop("no such thing", stop)
                .run(model, StepTap.NONE, (_, text) -> heard.add(text));
        assertThat(generated.first().ending()).isEqualTo(Ending.STOP_STRING);
        assertThat(generated.text()).isEqualTo(whole.substring(0, whole.indexOf(stop)));
        assertThat(String.join("", heard)).isEqualTo(generated.text());
        assertThat(heard).hasSizeGreaterThan(1);
        assertThat(generated.first().tokens().text()).contains(stop);
        assertThat(generated.first().whole().text())
                .startsWith("The capital of France is")
                .contains(stop);
    }

    @Test
    void anAnswerInAConversationEndsWithItsTurn() {
        TokenSequence prompt = model.tokenizer().chat(List.of(Message.user("Say yes or no: is water wet?")), true);
        Generated generated = Generation.of(prompt).tokens(80).run(model);
        assertThat(model.endOfText()).contains(2);
        assertThat(generated.first().ending()).isEqualTo(Ending.END_OF_TEXT);
        assertThat(generated.first().tokens().token(-1).text()).isEqualTo("<|im_end|>");
        assertThat(generated.text()).isNotEmpty().doesNotContain("<|im_end|>");
    }

    @Test
    void wholeCharactersAreHeardAndTogetherTheyAreTheText() {
        var heard = new ArrayList<String>();
        Generated generated = Generation.of(prompt("unicode"))
                .tokens(60)
                .pastEndOfText()
                .sampling(Sampling.PLAIN.temperature(1.8).seed(4))
                .run(model, StepTap.NONE, (_, text) -> heard.add(text));
        assertThat(String.join("", heard)).isEqualTo(generated.text());
        assertThat(generated.text()).isEqualTo(generated.first().tokens().text());
    }

    /** On a busy machine a stop may take longer by chance, so the best of three counts. */
    @Test
    void aStopIsHeardWithinASecondAndKeepsTheBeginning() throws InterruptedException {
        TokenSequence prompt = prompt("capital");
        long best = Long.MAX_VALUE;
        for (int attempt = 0; attempt < 3 && best > 1000; attempt++) {
            var begun = new CountDownLatch(1);
            var result = new AtomicReference<Generated>();
            Thread writing = Thread.ofPlatform()
                    .start(() -> result.set(Generation.of(prompt)
                            .tokens(2000)
                            .pastEndOfText()
                            .run(model, StepTap.NONE, (_, _) -> begun.countDown())));
            begun.await();
            Thread.sleep(50);
            long interrupted = System.nanoTime();
            writing.interrupt();
            writing.join();
            best = Math.min(best, (System.nanoTime() - interrupted) / 1_000_000);
            GeneratedText text = result.get().first();
            assertThat(text.ending()).isEqualTo(Ending.INTERRUPTED);
            assertThat(text.ids()).isNotEmpty().isEqualTo(model.greedy(prompt, text.ids().length));
        }
        assertThat(best).as("milliseconds to stop").isLessThanOrEqualTo(1000);
    }

    @Test
    void theResultShowsTextTokensTableAndOrigin() {
        Generated generated =
                Generation.of(prompt("capital")).tokens(3).alternatives(2).run(model);
        assertThat(generated.plainText())
                .startsWith("The capital of France is‖ Paris.")
                .contains("[length after 3 tokens]", "greedy");
        assertThat((String) generated.mimeBundle().get(MimeTypes.HTML))
                .contains("opacity:0.55\">The capital", " Paris.");
        assertThat(generated.table().rows()).hasSize(3);
        assertThat(generated.table().plainText())
                .contains("log probability", "␣Paris", "likeliest by the model")
                .doesNotContain("u{2423}");
        assertThat(generated.explain().facts())
                .containsEntry("tokens written", "3")
                .containsKeys("model", "sha256", "precision", "device", "library");
        assertThat(generated.strip(0).tokens()).hasSize(8);
        assertThat(generated.strip(0).tokens().getLast().value())
                .isEqualTo(generated.first().logProbabilities()[2]);
        assertThat(generated.tokensPerSecond()).isPositive();
    }

    /** The seed is in the explanation, and what it says gives the same text. */
    @Test
    void whatTheExplanationSaysRepeatsTheText() {
        Generation request = Generation.of(prompt("capital")).tokens(5).sampling(Sampling.PLAIN.seed(12));
        Generated generated = request.run(model);
        assertThat(generated.explain().facts()).containsEntry("seed", "12").containsEntry("temperature", "1");
        assertThat(request.run(model).text()).isEqualTo(generated.text());
        assertThat(IntStream.of(generated.first().ids()).boxed().toList())
                .isEqualTo(
                        Arrays.stream(generated.first().tokens().ids()).boxed().toList());
    }
}
