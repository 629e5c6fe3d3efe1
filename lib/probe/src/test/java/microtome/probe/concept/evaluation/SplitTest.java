package microtome.probe.concept.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import microtome.probe.concept.linear.Samples;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SplitTest {
    private static Samples samples(int first, int second) {
        int[] classes =
                IntStream.range(0, first + second).map(i -> i < first ? 0 : 1).toArray();
        return new Samples(new float[first + second][1], classes, List.of("no", "yes"));
    }

    private static List<String> none(Samples samples) {
        return Collections.nCopies(samples.size(), "");
    }

    @ParameterizedTest
    @EnumSource
    void everySampleIsInExactlyOnePart(Split split) {
        Samples samples = samples(30, 50);
        Split.Parts parts = split.parts(samples, none(samples), 0.6, 7);
        assertThat(IntStream.concat(Arrays.stream(parts.training()), Arrays.stream(parts.test()))
                        .sorted())
                .containsExactly(IntStream.range(0, 80).boxed().toArray(Integer[]::new));
        assertThat(parts.test()).hasSize(32);
    }

    @ParameterizedTest
    @EnumSource(names = {"WHOLE_GROUPS", "STRATIFIED"})
    void everyClassIsPartedInTheSameProportion(Split split) {
        Samples samples = samples(30, 50);
        for (long seed = 0; seed < 20; seed++) {
            Split.Parts parts = split.parts(samples, none(samples), 0.6, seed);
            assertThat(samples.at(parts.test()).counts()).containsExactly(12, 20);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theSeedDecides(Split split) {
        Samples samples = samples(30, 50);
        int[] once = split.parts(samples, none(samples), 0.6, 1).test();
        assertThat(split.parts(samples, none(samples), 0.6, 1).test()).containsExactly(once);
        assertThat(split.parts(samples, none(samples), 0.6, 2).test()).isNotEqualTo(once);
    }

    @Test
    void groupsStayTogether() {
        Samples samples = samples(40, 40);
        List<String> groups =
                IntStream.range(0, 80).mapToObj(i -> "topic " + i % 10).toList();
        for (long seed = 0; seed < 20; seed++) {
            Split.Parts parts = Split.WHOLE_GROUPS.parts(samples, groups, 0.6, seed);
            Set<String> training = groups(parts.training(), groups);
            assertThat(groups(parts.test(), groups)).hasSize(4).doesNotContainAnyElementsOf(training);
        }
    }

    private static Set<String> groups(int[] places, List<String> groups) {
        return Arrays.stream(places).mapToObj(groups::get).collect(Collectors.toSet());
    }

    @Test
    void aClassThatIsOneGroupCannotBeParted() {
        Samples samples = samples(4, 4);
        List<String> groups = List.of("a", "b", "c", "d", "same", "same", "same", "same");
        assertThatThrownBy(() -> Split.WHOLE_GROUPS.parts(samples, groups, 0.6, 1))
                .hasMessageMatching(
                        "split whole groups, stratified by class: the (test|training) part has no sample of the class 'yes', of which there are 4 in 1 unit that stay together; .*");
    }

    @Test
    void aControlTaskGivesAUnitOneClassAndHasBothInEveryPart() {
        Samples samples = samples(40, 60);
        List<String> groups =
                IntStream.range(0, 100).mapToObj(i -> "word " + i % 25).toList();
        Split.Parts parts = Split.STRATIFIED.parts(samples, groups, 0.6, 1);
        Samples control = ControlTask.of(samples, groups, parts, 3);
        for (int i = 25; i < 100; i++) {
            assertThat(control.classes()[i]).isEqualTo(control.classes()[i - 25]);
        }
        assertThat(control.at(parts.test()).counts()).doesNotContain(0);
        assertThat(ControlTask.of(samples, groups, parts, 3).classes()).containsExactly(control.classes());
    }

    @Test
    void aControlTaskOfOneUnitIsImpossible() {
        Samples samples = samples(4, 4);
        List<String> one = Collections.nCopies(8, "the same word");
        Split.Parts parts = Split.STRATIFIED.parts(samples, one, 0.6, 1);
        assertThat(ControlTask.of(samples, one, parts, 1)).isNull();
    }
}
