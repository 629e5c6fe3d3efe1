package microtome.probe.data.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import microtome.model.LanguageModel;
import microtome.model.token.Tokenizer;
import microtome.probe.BundledModel;
import microtome.probe.MiniLm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every bundled set must keep to, and what each promises. */
class BundledSetsTest {
    static Stream<PromptSet> all() {
        return PromptSet.bundledNames().stream().map(PromptSet::bundled);
    }

    @ParameterizedTest
    @MethodSource("all")
    void noTextStandsTwiceEvenWithOtherCapitalsOrPunctuation(PromptSet set) {
        Set<String> seen = new HashSet<>();
        for (String text : set.texts()) {
            String letters = text.toLowerCase(Locale.ROOT)
                    .replaceAll("[^\\p{L}\\p{N}]+", " ")
                    .strip();
            assertThat(seen.add(letters)).as(text).isTrue();
            assertThat(text).isEqualTo(text.strip()).doesNotContain("  ");
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void lengthAloneHardlyTellsClassesApart(PromptSet set) {
        var leak = SetCard.lengthLeak(set);
        if (leak != null) {
            assertThat(leak.auc())
                    .as("%s: %s and %s", set.name(), leak.first(), leak.second())
                    .isLessThan(0.7);
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void punctuationDoesNotGiveTheLabelAway(PromptSet set) {
        Map<String, Set<String>> endings = set.prompts().stream()
                .collect(Collectors.groupingBy(
                        Prompt::label, Collectors.mapping(BundledSetsTest::ending, Collectors.toSet())));
        assertThat(new HashSet<>(endings.values())).as(endings.toString()).hasSize(1);
    }

    private static String ending(Prompt prompt) {
        String text = prompt.text();
        return Character.isLetterOrDigit(text.codePointBefore(text.length())) ? "" : text.substring(text.length() - 1);
    }

    @ParameterizedTest
    @MethodSource("all")
    void everyCardSaysWhatAReaderMustKnow(PromptSet set) {
        assertThat(set.source().licence()).isEqualTo("Apache-2.0");
        assertThat(set.source().weaknesses()).isNotEmpty();
        String card = set.card().plainText();
        assertThat(card)
                .contains(
                        set.name(),
                        set.source().what(),
                        set.source().written(),
                        set.source().weaknesses().getFirst())
                .contains(Integer.toString(set.size()), set.sha256());
        assertThat(PromptSet.bundledNames()).isSorted().contains(set.name());
    }

    @Test
    void categoriesHaveThirtySixNamesAClassInTheSameSentences() {
        var set = PromptSet.bundled("categories");
        assertThat(set.classes()).containsExactly("animal", "vehicle", "emotion");
        assertCounts(set, 36);
        assertThat(set.groups()).hasSize(4);
        assertThat(set.prompts()).allMatch(prompt -> prompt.text().endsWith(" " + prompt.word()));
        assertThat(set.prompts().stream()
                        .collect(
                                Collectors.groupingBy(prompt -> prompt.label() + prompt.group(), Collectors.counting()))
                        .values())
                .containsOnly(9L);
    }

    @Test
    void variantsPairAllFormsOfANoun() {
        var set = PromptSet.bundled("variants");
        assertThat(set.classes()).hasSize(30);
        assertThat(set.groups()).containsExactly("bare", "indefinite", "definite", "adjective");
        assertThat(set.pairs())
                .hasSize(30 * 6)
                .allMatch(pair -> prompt(set, pair.first())
                        .label()
                        .equals(prompt(set, pair.second()).label()));
        assertThat(set.texts()).startsWith("cat", "a cat", "the cat", "a small cat");
    }

    @Test
    void homographsHaveFifteenPairsAndFifteenControls() {
        var set = PromptSet.bundled("homographs");
        assertThat(set.pairs()).hasSize(30);
        assertThat(set.pairs().stream().filter(Pairing::isControl)).hasSize(15);
        for (Pairing pair : set.pairs()) {
            Prompt first = prompt(set, pair.first());
            Prompt second = prompt(set, pair.second());
            assertThat(first.word()).isEqualTo(second.word());
            assertThat(first.text()).endsWith(" " + first.word());
            assertThat(first.label().equals("control")).isEqualTo(pair.isControl());
            assertThat(first.text().split(" ")).hasSameSizeAs(second.text().split(" "));
            assertThat(first.text()).isNotEqualTo(second.text());
        }
    }

    @Test
    void homographsAreAlignedForADecoder() {
        assertAligned(BundledModel.get());
    }

    @Test
    void homographsAreAlignedForAnEncoder() {
        assertAligned(MiniLm.get());
    }

    private static void assertAligned(LanguageModel model) {
        var set = PromptSet.bundled("homographs");
        Tokenizer tokenizer = model.tokenizer();
        for (Pairing pair : set.pairs()) {
            assertThat(WordPosition.of(prompt(set, pair.first()), tokenizer))
                    .as(
                            "%s: %s",
                            pair.name(),
                            tokenizer.encode(prompt(set, pair.first()).text()))
                    .isEqualTo(WordPosition.of(prompt(set, pair.second()), tokenizer));
        }
    }

    @Test
    void pairsOfFactsUseEveryEndingOnceForEitherClass() {
        var set = PromptSet.bundled("facts");
        assertThat(set.pairs()).hasSizeGreaterThanOrEqualTo(100);
        assertOppositePairs(set, "true", "false");
        for (String group : set.groups()) {
            assertThat(words(set, group, "true"))
                    .as(group)
                    .containsExactlyInAnyOrderElementsOf(words(set, group, "false"));
        }
    }

    private static List<String> words(PromptSet set, String group, String label) {
        return set.prompts().stream()
                .filter(prompt -> prompt.group().equals(group) && prompt.label().equals(label))
                .map(Prompt::word)
                .toList();
    }

    @Test
    void sentimentHasAHundredPairsOfTenTopics() {
        var set = PromptSet.bundled("sentiment");
        assertCounts(set, 100);
        assertThat(set.groups()).hasSize(10);
        assertThat(set.pairs()).hasSize(100);
        assertOppositePairs(set, "positive", "negative");
    }

    @Test
    void languagesSayTheSame() {
        var set = PromptSet.bundled("languages");
        assertThat(set.classes()).containsExactly("English", "German", "French", "Spanish", "Italian");
        assertCounts(set, 40);
        assertThat(set.groups()).hasSize(40);
    }

    @Test
    void sumsAreRightOrWrongAsTheySay() {
        var set = PromptSet.bundled("arithmetic");
        assertCounts(set, 100);
        assertOppositePairs(set, "right", "wrong");
        for (Prompt prompt : set.prompts()) {
            String[] parts = prompt.text().split(" ");
            int sum = Integer.parseInt(parts[0]) + Integer.parseInt(parts[2]);
            assertThat(Integer.parseInt(parts[4]) == sum)
                    .isEqualTo(prompt.label().equals("right"));
            assertThat(prompt.group()).startsWith(parts[0].substring(0, 1));
        }
        for (Pairing pair : set.pairs()) {
            assertThat(prompt(set, pair.first()).text())
                    .hasSameSizeAs(prompt(set, pair.second()).text());
        }
        assertThat(set.sha256()).isEqualTo(PromptSet.arithmetic(100, 42).sha256());
        assertThat(set.sha256()).isNotEqualTo(PromptSet.arithmetic(100, 43).sha256());
        assertThatThrownBy(() -> PromptSet.arithmetic(0, 1)).hasMessage("0 pairs of sums: need 1 to 1000");
    }

    @Test
    void familiesForTrajectoriesHaveEightPromptsAClass() {
        assertCounts(PromptSet.bundled("reasoning"), 8);
        assertCounts(PromptSet.bundled("analogies"), 8);
    }

    @Test
    void halvesOfAnalogiesShareNoWord() {
        var set = PromptSet.bundled("analogies");
        for (String label : set.classes()) {
            assertThat(ends(set, label, "first half"))
                    .hasSize(4)
                    .doesNotContainAnyElementsOf(ends(set, label, "second half"));
        }
    }

    private static Set<String> ends(PromptSet set, String label, String group) {
        return set.prompts().stream()
                .filter(prompt -> prompt.label().equals(label) && prompt.group().equals(group))
                .map(Prompt::word)
                .collect(Collectors.toSet());
    }

    @Test
    void setsWithGroupsCanBeSplitByThem() {
        for (String name :
                List.of("arithmetic", "categories", "facts", "languages", "sentiment", "analogies", "variants")) {
            for (long seed = 0; seed < 5; seed++) {
                var split = PromptSet.bundled(name).splitByGroup(0.3, seed);
                assertThat(split.train().groups())
                        .as(name)
                        .doesNotContainAnyElementsOf(split.test().groups());
            }
        }
    }

    @Test
    void aNameThatDoesNotExistIsAnErrorWithTheNearest() {
        assertThatThrownBy(() -> PromptSet.bundled("category"))
                .hasMessageStartingWith("no bundled prompt set 'category'; nearest: categories,")
                .hasMessageContaining("all: analogies, arithmetic, categories");
    }

    private static void assertOppositePairs(PromptSet set, String first, String second) {
        assertThat(set.pairs())
                .allMatch(pair -> prompt(set, pair.first()).label().equals(first)
                        && prompt(set, pair.second()).label().equals(second)
                        && prompt(set, pair.first())
                                .group()
                                .equals(prompt(set, pair.second()).group()));
    }

    private static void assertCounts(PromptSet set, int each) {
        var counts = set.labels().stream().collect(Collectors.groupingBy(label -> label, Collectors.counting()));
        assertThat(counts.values()).as(counts.toString()).containsOnly((long) each);
    }

    private static Prompt prompt(PromptSet set, int index) {
        return set.prompts().get(index);
    }
}
