package microtome.probe.concept.comparison;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import microtome.probe.concept.PlantedStates;
import microtome.probe.concept.evaluation.Split;
import microtome.probe.concept.tribuo.Scaling;
import microtome.probe.data.Origin;
import microtome.probe.data.RoundTrip;
import microtome.probe.data.prompt.Prompt;
import microtome.probe.data.prompt.PromptSet;
import microtome.probe.data.prompt.PromptStates;
import org.junit.jupiter.api.Test;

class ClassifierComparisonTest {
    private static final ClassifierOptions OPTIONS = ClassifierOptions.DEFAULT;

    private static PromptStates separable(int classes) {
        int[] each = PlantedStates.inTurn(90, classes);
        return PlantedStates.states(
                PlantedStates.labels(each), PlantedStates.around(each, 6, 20, 1), PlantedStates.around(each, 6, 0, 2));
    }

    private static double accuracy(ClassifierComparison compared, Classifier classifier) {
        return compared.values().accuracy()[0][compared.classifiers().indexOf(classifier)];
    }

    @Test
    void everyoneReadsClassesThatLieFarApart() {
        for (int classes : new int[] {2, 3}) {
            ClassifierComparison compared = RoundTrip.check(ClassifierComparison.of(separable(classes), OPTIONS, "1"));
            for (Classifier classifier : Classifier.values()) {
                boolean reads = classifier != Classifier.MAJORITY;
                assertThat(accuracy(compared, classifier))
                        .as(classifier.label())
                        .isCloseTo(reads ? 1 : 1.0 / classes, within(1e-12));
            }
        }
    }

    @Test
    void aucOfTwoClassesIsOneForAllThatReadThemAndHalfForTheMajority() {
        ClassifierComparison two = ClassifierComparison.of(separable(2), OPTIONS, "1");
        for (int which = 0; which < two.classifiers().size(); which++) {
            double expected = two.classifiers().get(which) == Classifier.MAJORITY ? 0.5 : 1;
            assertThat(two.values().auc()[0][which])
                    .as(two.classifiers().get(which).label())
                    .isEqualTo(expected);
        }
        ClassifierComparison three = ClassifierComparison.of(separable(3), OPTIONS, "1");
        assertThat(three.values().auc()[0]).containsOnly(Double.NaN);
        assertThat(three.table().plainText()).contains("AUC is of two classes; here are 3");
    }

    /** Two classes at opposite corners of a square: no line has more than three corners right. */
    @Test
    void treesAndKernelReadWhatNoLineParts() {
        float[][] rows = PlantedStates.noise(600, 2, 3);
        int[] classes = PlantedStates.classes(rows, row -> row[0] > 0 == row[1] > 0 ? 1 : 0);
        for (float[] row : rows) {
            row[0] += Math.signum(row[0]);
            row[1] += Math.signum(row[1]);
        }
        ClassifierComparison compared =
                ClassifierComparison.of(PlantedStates.states(PlantedStates.labels(classes), rows), OPTIONS);
        for (Classifier line : List.of(Classifier.LOGISTIC, Classifier.LIBLINEAR_LOGISTIC, Classifier.LINEAR_SVM)) {
            assertThat(accuracy(compared, line)).as(line.label()).isBetween(0.35, 0.65);
        }
        for (Classifier other : List.of(Classifier.RBF_SVM, Classifier.TREE, Classifier.FOREST)) {
            assertThat(accuracy(compared, other)).as(other.label()).isGreaterThan(0.95);
        }
    }

    @Test
    void withoutAPlantedDifferenceNobodyIsFarFromChance() {
        int[] classes = PlantedStates.inTurn(400, 2);
        ClassifierComparison compared = ClassifierComparison.of(
                PlantedStates.states(PlantedStates.labels(classes), PlantedStates.noise(400, 6, 4)), OPTIONS);
        double four = 4 * Math.sqrt(0.25 / 160); // standard errors of 160 unseen prompts
        for (double accuracy : compared.values().accuracy()[0]) {
            assertThat(accuracy).isCloseTo(0.5, within(four));
        }
    }

    @Test
    void oneSeedGivesOneResult() {
        PromptStates states = PlantedStates.states(
                PlantedStates.labels(PlantedStates.inTurn(60, 3)),
                PlantedStates.around(PlantedStates.inTurn(60, 3), 8, 1.5, 5));
        String first = ClassifierComparison.of(states, OPTIONS).json();
        assertThat(ClassifierComparison.of(states, OPTIONS).json()).isEqualTo(first);
        assertThat(ClassifierComparison.of(states, OPTIONS.seed(7)).json()).isNotEqualTo(first);
    }

    @Test
    void theTableOfAnEvaluationAgreesWithItsConfusionMatrix() {
        int[] classes = PlantedStates.inTurn(90, 3);
        ClassifierComparison compared = ClassifierComparison.of(
                PlantedStates.states(PlantedStates.labels(classes), PlantedStates.around(classes, 6, 1.5, 6)), OPTIONS);
        int[][] counts = compared.confusion("1", Classifier.LOGISTIC).values();
        assertThat(Arrays.stream(counts).mapToInt(row -> Arrays.stream(row).sum()))
                .containsExactly(12, 12, 12);
        double right = (counts[0][0] + counts[1][1] + counts[2][2]) / 36.0;
        assertThat(accuracy(compared, Classifier.LOGISTIC)).isEqualTo(right).isLessThan(1);
        var row = compared.evaluation("1", Classifier.LOGISTIC).rows().get(1);
        assertThat(row.get(2).value()).isEqualTo(counts[1][1]);
        assertThat(row.get(4).value()).isEqualTo(counts[0][1] + counts[2][1]);
        assertThat((double) row.get(5).value()).isCloseTo(counts[1][1] / 12.0, within(1e-12));
        assertThat((double) row.get(6).value())
                .isCloseTo((double) counts[1][1] / (counts[0][1] + counts[1][1] + counts[2][1]), within(1e-12));
        RoundTrip.check(compared.confusion("1", Classifier.TREE));
        assertThat(compared.evaluation("1", Classifier.MAJORITY).plainText()).contains("never said");
    }

    @Test
    void manyLayersAreLinesAndFewAreBars() {
        PromptStates few = separable(2);
        assertThat(ClassifierComparison.of(few, OPTIONS).plot().tree().toString())
                .contains("layer 2")
                .contains("bar");
        int[] classes = PlantedStates.inTurn(30, 2);
        float[][] rows = PlantedStates.around(classes, 3, 9, 7);
        PromptStates many = PlantedStates.states(PlantedStates.labels(classes), rows, rows, rows, rows, rows);
        ClassifierComparison compared =
                ClassifierComparison.of(many, OPTIONS.only(Classifier.MAJORITY, Classifier.TREE));
        assertThat(compared.plot().tree().toString()).contains("scatter").contains("CART tree");
        RoundTrip.check(compared);
    }

    @Test
    void explainsSettingsInTribuosWords() {
        var facts =
                ClassifierComparison.of(separable(2), OPTIONS, "1").explain().facts();
        assertThat(facts.get("linear SVM"))
                .contains(
                        "LibLinearClassificationTrainer",
                        "cost 1.0",
                        "Tribuo 4.3.2",
                        "54 examples, 6 features, 2 outputs");
        assertThat(facts.get("linear SVM")).contains("L2R_L2LOSS_SVC");
        assertThat(facts.get("logistic, LibLinear")).contains("L2R_LR");
        assertThat(facts.get("logistic, ours")).contains("converged");
        assertThat(facts.get("random forest")).contains("numMembers 100", "CARTClassificationTrainer(", "GiniIndex");
    }

    @Test
    void brokenLayersSayWhyAndTheOthersAreRead() {
        int[] classes = PlantedStates.inTurn(30, 2);
        float[][] whole = PlantedStates.around(classes, 3, 20, 8);
        float[][] broken = PlantedStates.around(classes, 3, 20, 8);
        broken[4][2] = Float.NaN;
        PromptStates states = PlantedStates.states(PlantedStates.labels(classes), broken, new float[30][3], whole);
        ClassifierComparison compared = RoundTrip.check(ClassifierComparison.of(states, OPTIONS));
        assertThat(compared.values().accuracy()[0]).containsOnly(Double.NaN);
        assertThat(compared.values().accuracy()[1]).containsOnly(Double.NaN);
        assertThat(compared.values().accuracy()[2]).contains(1.0).doesNotContain(Double.NaN);
        assertThat(compared.table().plainText())
                .contains("layer 1: feature 2 of sample 4 is NaN")
                .contains("layer 2: all prompts have the same vector");
        assertThatThrownBy(() -> compared.confusion("1", Classifier.TREE))
                .hasMessageContaining("nothing was read there: layer 1: feature 2");
        assertThat(ClassifierComparison.of(states, OPTIONS.scaling(Scaling.UNIT_LENGTH), "3")
                        .values()
                        .accuracy()[0])
                .doesNotContain(Double.NaN);
    }

    @Test
    void labelsThatNoSplitCanServeAreErrors() {
        assertThatThrownBy(() -> ClassifierComparison.of(
                        PlantedStates.states(List.of("a", "a", "a", "a"), PlantedStates.noise(4, 2, 1)), OPTIONS))
                .hasMessageContaining("all 4 prompts have the label 'a'");
        assertThatThrownBy(() -> ClassifierComparison.of(
                        PlantedStates.states(List.of("a", "b", "b", "b"), PlantedStates.noise(4, 2, 1)), OPTIONS))
                .hasMessageContaining("one prompt with the label 'a'");
        List<Prompt> grouped = List.of(
                new Prompt("1", "a", "all", ""),
                new Prompt("2", "a", "all", ""),
                new Prompt("3", "b", "x", ""),
                new Prompt("4", "b", "y", ""));
        var states = new PromptStates(
                new PromptSet("grouped", grouped, List.of()),
                List.of("1"),
                new float[][][] {PlantedStates.noise(4, 2, 1)},
                Origin.given("planted"));
        assertThatThrownBy(() -> ClassifierComparison.of(states, OPTIONS.split(Split.WHOLE_GROUPS, 0.5)))
                .hasMessageContaining("has no sample of the class 'a'");
    }

    @Test
    void tooMuchForTribuoIsSaidBeforeAnythingRuns() {
        int[] classes = PlantedStates.inTurn(20_001, 2);
        assertThatThrownBy(() -> ClassifierComparison.of(
                        PlantedStates.states(PlantedStates.labels(classes), new float[20_001][1]), OPTIONS))
                .hasMessageContaining("20,001 prompts of 1 features")
                .hasMessageContaining("draw 20,000 prompts");
        PromptStates wide = PlantedStates.states(List.of("a", "a", "b", "b"), new float[4][6_000_000]);
        assertThatThrownBy(() -> ClassifierComparison.of(wide, OPTIONS)).hasMessageContaining("draw 3 prompts");
    }

    @Test
    void wrongLayersAndOptionsAreErrors() {
        assertThatThrownBy(() -> ClassifierComparison.of(separable(2), OPTIONS, "9"))
                .hasMessage("no layer '9'; there are 1, 2");
        assertThatThrownBy(() -> OPTIONS.only(Classifier.TREE, Classifier.TREE)).hasMessageContaining("none twice");
        assertThatThrownBy(() -> OPTIONS.cost(0)).hasMessageContaining("a finite cost above 0");
        assertThatThrownBy(() -> ClassifierComparison.of(separable(2), OPTIONS.only(Classifier.TREE), "1")
                        .confusion("1", Classifier.FOREST))
                .hasMessageContaining("no random forest at layer '1'");
    }
}
