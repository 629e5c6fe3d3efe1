package microtome.probe.data.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PromptSetTest {
    /** 12 prompts a class of 6 groups, the classes in turn, each with its neighbour as a pair. */
    private static final PromptSet SET = set(24, 6, "a", "b");

    private static PromptSet set(int prompts, int groups, String... labels) {
        List<Prompt> all = IntStream.range(0, prompts)
                .mapToObj(i -> new Prompt("text " + i, labels[i % labels.length], "group " + i / 2 % groups, ""))
                .toList();
        List<Pairing> pairs = IntStream.range(0, prompts / 2)
                .mapToObj(i -> new Pairing(2 * i, 2 * i + 1, "pair " + i, false))
                .toList();
        return new PromptSet("made up", all, pairs);
    }

    @Test
    void promptsAreChosenWithThePairsAmongThem() {
        var chosen = SET.at(5, 4, 0);
        assertThat(chosen.texts()).containsExactly("text 5", "text 4", "text 0");
        assertThat(chosen.pairs()).containsExactly(new Pairing(1, 0, "pair 2", false));
        assertThatThrownBy(() -> SET.at(24)).hasMessage("prompt set 'made up' has no prompt 24; prompts are 0..23");
        assertThatThrownBy(() -> SET.at(3, 3))
                .hasMessage("prompt set 'made up': prompt 3 is chosen twice; choose it once");
        assertThatThrownBy(SET::at).hasMessageContaining("is empty");
    }

    @Test
    void labelsAreSelected() {
        var selected = SET.select("b");
        assertThat(selected.labels()).hasSize(12).containsOnly("b");
        assertThat(selected.name()).isEqualTo("made up (b)");
        assertThat(selected.pairs()).isEmpty();
        assertThatThrownBy(() -> PromptSet.bundled("categories").select("animals"))
                .hasMessage("prompt set 'categories' has no label 'animals'; nearest: animal, vehicle, emotion");
        assertThatThrownBy(SET::select).hasMessage("prompt set 'made up': no label to select; its labels are a, b");
    }

    @Test
    void aSampleHasSoManyOfEveryClassAndRepeatsWithItsSeed() {
        var sample = SET.sample(5, 7);
        assertThat(sample.labels()).hasSize(10);
        assertThat(sample.select("a").size()).isEqualTo(5);
        assertThat(sample).isEqualTo(SET.sample(5, 7));
        assertThat(sample.texts()).isNotEqualTo(SET.sample(5, 8).texts()).isSubsetOf(SET.texts());
        assertThat(SET.sample(12, 3).texts()).isEqualTo(SET.texts());
        assertThatThrownBy(() -> SET.sample(13, 7))
                .hasMessage(
                        "prompt set 'made up': class 'a' has 12 prompts, 13 were asked for; sample at most 12 per class, or select other classes first");
        assertThatThrownBy(() -> SET.sample(0, 7)).hasMessageContaining("need at least 1");
    }

    @Test
    void everyPromptIsSampledEquallyOften() {
        var counts = new int[24];
        int trials = 2_000;
        for (int seed = 0; seed < trials; seed++) {
            SET.sample(3, seed).texts().forEach(text -> counts[SET.texts().indexOf(text)]++);
        }
        double error = Math.sqrt(trials * 0.25 * 0.75);
        assertThat(IntStream.of(counts).boxed()).allMatch(count -> Math.abs(count - trials * 0.25) < 4.5 * error);
    }

    @Test
    void splitsKeepGroupsTogetherAndClassesNearTheirShare() {
        for (long seed = 0; seed < 20; seed++) {
            var split = SET.splitByGroup(0.33, seed);
            assertThat(split.train().groups())
                    .doesNotContainAnyElementsOf(split.test().groups());
            assertThat(split.train().size() + split.test().size()).isEqualTo(24);
            assertThat(split.test().select("a").size()).isEqualTo(4); // of 12, in groups of 2
            assertThat(split.train().select("b").size()).isEqualTo(8);
            assertThat(split).isEqualTo(SET.splitByGroup(0.33, seed));
            assertThat(split.test().pairs()).hasSize(4);
        }
        assertThat(SET.splitByGroup(0.33, 1).test().texts())
                .isNotEqualTo(SET.splitByGroup(0.33, 2).test().texts());
        assertThat(SET.splitByGroup(0.33, 1).test().name()).isEqualTo("made up (test)");
    }

    @Test
    void evenTheSmallestShareTestsSomethingAndTheLargestTrainsOnSomething() {
        assertThat(SET.splitByGroup(0.01, 3).test().groups()).hasSize(1);
        assertThat(SET.splitByGroup(0.99, 3).train().groups()).hasSize(1);
    }

    @Test
    void promptsWithoutGroupAreGroupsOfTheirOwn() {
        var texts = new LinkedHashMap<String, List<String>>();
        texts.put("x", List.of("a", "b", "c", "d"));
        texts.put("y", List.of("e", "f", "g", "h"));
        var split = PromptSet.of("loose", texts).splitByGroup(0.5, 9);
        assertThat(split.test().select("x").size()).isEqualTo(2);
        assertThat(split.test().select("y").size()).isEqualTo(2);
    }

    @Test
    void aClassThatASplitWouldEmptyIsNamed() {
        var prompts = new ArrayList<>(SET.prompts());
        prompts.add(new Prompt("alone", "rare", "group 2", ""));
        var rare = new PromptSet("rare", prompts, List.of());
        assertThatThrownBy(() -> rare.splitByGroup(0.33, 1))
                .hasMessageStartingWith("split of 'rare': class 'rare' would have no prompt in the t")
                .hasMessageContaining("part; its prompts are of 1 group: a class needs at least 2");
        assertThatThrownBy(() -> set(8, 1, "a", "b").splitByGroup(0.5, 1))
                .hasMessage(
                        "split of 'made up': all prompts are of one group, 'group 0', which must stay together; give prompts of at least 2 groups");
        assertThatThrownBy(() -> SET.splitByGroup(1, 1))
                .hasMessage("split of 'made up' with a test share of 1.0: need a share between 0 and 1, such as 0.3");
    }

    @Test
    void aSeedThatEmptiesAClassSaysSo() {
        // class c is in two groups of six: a split that tests one group tests c only by chance
        var prompts = new ArrayList<>(SET.prompts());
        prompts.add(new Prompt("one", "c", "group 0", ""));
        prompts.add(new Prompt("two", "c", "group 1", ""));
        var set = new PromptSet("thin", prompts, List.of());
        int failed = 0;
        for (long seed = 0; seed < 30; seed++) {
            try {
                assertThat(set.splitByGroup(0.2, seed).test().classes()).hasSize(3);
            } catch (IllegalArgumentException emptied) {
                assertThat(emptied)
                        .hasMessageContaining("class 'c'")
                        .hasMessageContaining("of 2 groups: take another seed or another share");
                failed++;
            }
        }
        assertThat(failed).isBetween(1, 29);
    }

    @Test
    void shuffledLabelsKeepTheirCountsAndNothingElse() {
        var shuffled = SET.shuffledLabels(4);
        assertThat(shuffled.texts()).isEqualTo(SET.texts());
        assertThat(shuffled.labels()).isNotEqualTo(SET.labels()).containsExactlyInAnyOrderElementsOf(SET.labels());
        assertThat(shuffled.pairs()).isEqualTo(SET.pairs());
        assertThat(shuffled).isEqualTo(SET.shuffledLabels(4));
        assertThat(shuffled.name()).isEqualTo("made up (labels shuffled, seed 4)");
    }

    @Test
    void setsAreComparedWithEachOther() {
        var both = PromptSet.bundled("sentiment")
                .labelled("feeling")
                .and(PromptSet.bundled("facts").labelled("fact"));
        assertThat(both.size()).isEqualTo(448);
        assertThat(both.classes()).containsExactly("feeling", "fact");
        assertThat(both.pairs()).hasSize(224);
        assertThat(both.prompts().get(both.pairs().get(100).first()).text())
                .isEqualTo(PromptSet.bundled("facts").texts().getFirst());
        assertThat(both.source().weaknesses()).hasSize(6);
        assertThat(both.source().licence()).isEqualTo("Apache-2.0");
    }

    @Test
    void aSetOfOnesOwnHasACardToo() {
        String card = SET.card().plainText();
        assertThat(card)
                .contains(
                        "your own prompts",
                        "2: a 12, b 12",
                        "6: group 0, group 1",
                        "by length alone has an AUC of 0.5");
        assertThat(PromptSet.of("one", Map.of("x", List.of("a"))).card().plainText())
                .contains("1: x 1")
                .doesNotContain("AUC");
    }

    @Test
    void pairsOfPromptsThatAreNotThereAreErrors() {
        var prompts = List.of(Prompt.of("a", "x"));
        assertThatThrownBy(() -> new PromptSet("p", prompts, List.of(new Pairing(0, 1, "pair", false))))
                .hasMessage("prompt set 'p': the pair 'pair' is of 0 and 1; prompts are 0..0");
        assertThatThrownBy(() -> new PromptSet("p", List.of(), List.of())).hasMessageContaining("is empty");
        assertThatThrownBy(() -> Prompt.of(" ", "x")).hasMessageContaining("this one is blank");
    }

    @Test
    void theSumChangesWithEverythingThatIsRead() {
        assertThat(SET.sha256()).hasSize(64).isEqualTo(SET.named("other").sha256());
        assertThat(SET.sha256())
                .isNotEqualTo(SET.shuffledLabels(1).sha256())
                .isNotEqualTo(SET.at(0).sha256());
    }
}
