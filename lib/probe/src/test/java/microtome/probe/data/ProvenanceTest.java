package microtome.probe.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import microtome.display.Column;
import microtome.display.Explanation;
import microtome.display.Table;
import microtome.probe.Prompts;
import org.junit.jupiter.api.Test;

class ProvenanceTest {
    @Test
    void everyExplanationSaysWhatWasRunAndWhere() {
        var provenance =
                new Provenance("tiny", "abc", "F32", "cpu", "0.1.0", List.of(504, 3575), List.of("The", "␣capital"));
        Explanation explanation = provenance.on(Explanation.of("length", "sum"));
        assertThat(explanation.facts())
                .containsEntry("model", "tiny")
                .containsEntry("sha256", "abc")
                .containsEntry("precision", "F32")
                .containsEntry("device", "cpu")
                .containsEntry("library", "microtome 0.1.0")
                .containsEntry("tokens", "The (504) ␣capital (3575)");
    }

    @Test
    void aLongPromptIsCutInWordsAndCounted() {
        String tokens =
                Prompts.ofTokens(65).on(Explanation.of("length", "sum")).facts().get("tokens");
        assertThat(tokens).endsWith("t63 (63) … 65 in all").doesNotContain("t64");
    }

    @Test
    void aTableOfALongPromptShowsTheLastPositionsAndSaysSo() {
        var provenance = Prompts.ofTokens(30);
        assertThat(provenance.inTable(0)).hasSize(24).startsWith(6).endsWith(29);
        assertThat(provenance.noted(Table.of(Column.of("x")), 0).notes())
                .containsExactly("the last 24 of 30 positions; values() has all");
    }

    @Test
    void aTableOfAShortPromptShowsAll() {
        var provenance = Prompts.ofTokens(5);
        assertThat(provenance.inTable(1)).containsExactly(1, 2, 3, 4);
        assertThat(provenance.noted(Table.of(Column.of("x")), 1).notes()).isEmpty();
    }

    @Test
    void refusesTokensWithoutLabels() {
        assertThatThrownBy(() -> new Provenance("tiny", "", "F32", "cpu", "0", List.of(1), List.of()))
                .hasMessage("provenance: 0 labels for 1 tokens");
    }
}
