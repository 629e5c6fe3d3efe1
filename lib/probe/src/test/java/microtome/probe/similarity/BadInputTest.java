package microtome.probe.similarity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import microtome.probe.data.Origin;
import org.junit.jupiter.api.Test;

class BadInputTest {
    private static final Origin GIVEN = Origin.given("made up");

    @Test
    void aLayerThatDoesNotVaryIsMissingWithItsReason() {
        var constant = new double[10][3];
        for (double[] row : constant) {
            row[0] = 0.1; // whose mean over ten is not exactly 0.1
            row[2] = 1e9 / 3;
        }
        double[][] varied = Golden.normal(new Random(1), 10, 3);
        Similarity plan =
                Similarity.of(List.of(Representation.of("emb", constant), Representation.of("1", varied)), GIVEN);
        for (SimilarityMatrix found :
                List.of(plan.cka(), plan.biasedCka(), plan.procrustes(), plan.cca(), plan.svcca(), plan.pwcca())) {
            double[][] matrix = found.values().matrix();
            assertThat(matrix[0]).containsOnly(Double.NaN);
            assertThat(matrix[1][0]).isNaN();
            assertThat(matrix[1][1]).isNotNaN();
            assertThat(found.table().plainText()).contains("emb: all its rows are the same");
            assertThat(found.plot().tree().toString()).contains("emb: all its rows are the same");
            assertThat(found.explain().notes()).anyMatch(note -> note.startsWith("missing: emb: all its rows"));
            assertThat(found.explain().facts()).containsEntry("left out", "3");
            assertThat(found.neighbours().plainText()).contains("NaN");
            assertThat(found.neighboursPlot().png()).isNotEmpty();
            assertThat(found.mean().n()).isZero();
        }
        assertThat(Cka.of(constant, varied).debiased()).isNaN();
        assertThat(Procrustes.of(constant, varied).similarity()).isNaN();
        assertThatThrownBy(() -> CanonicalCorrelations.of(constant, varied))
                .hasMessage("the first: all its rows are the same, so there is nothing to compare");
    }

    @Test
    void debiasedCkaNeedsFourRows() {
        double[][] three = Golden.normal(new Random(1), 3, 5);
        Similarity plan = Similarity.of(List.of(Representation.of("1", three)), GIVEN);
        assertThatThrownBy(plan::cka)
                .hasMessage("debiased CKA of 3 rows: needs at least 4; give more inputs, or take biasedCka()");
        assertThat(plan.biasedCka().values().matrix()[0][0])
                .isEqualTo(1, org.assertj.core.api.Assertions.within(1e-12));
        assertThat(Cka.of(three, three).debiased()).isNaN();
        assertThat(plan.biasedCka().explain().notes())
                .anyMatch(note -> note.startsWith("3 rows of width 5: biased CKA of unrelated layers is far above 0"));
    }

    @Test
    void aSingleRowHasNoSpread() {
        Similarity plan = Similarity.of(List.of(Representation.of("1", new double[][] {{1, 2}})), GIVEN);
        assertThat(plan.biasedCka().values().matrix()[0][0]).isNaN();
        assertThat(plan.procrustes().table().plainText()).contains("all its rows are the same");
    }

    @Test
    void tooFewRowsForCanonicalCorrelationsAreRefusedAndFewAreWarnedOf() {
        double[][] eleven = Golden.normal(new Random(1), 11, 6);
        assertThatThrownBy(() -> CanonicalCorrelations.of(eleven, eleven))
                .hasMessage(
                        "the first has 6 components on 11 rows, whose correlations would be 1 or nearly so by chance; give at least 12 rows, or keep less of the variance, as svcca(0.5) does");
        SimilarityMatrix refused =
                Similarity.of(List.of(Representation.of("1", eleven)), GIVEN).cca();
        assertThat(refused.values().matrix()[0][0]).isNaN();
        assertThat(refused.table().plainText()).contains("give at least 12 rows");
        SimilarityMatrix warned = Similarity.of(
                        List.of(Representation.of("1", Golden.normal(new Random(1), 29, 6))), GIVEN)
                .cca();
        assertThat(warned.explain().notes()).anyMatch(note -> note.startsWith("fewer than 5 rows for each component"));
        SimilarityMatrix enough = Similarity.of(
                        List.of(Representation.of("1", Golden.normal(new Random(1), 30, 6))), GIVEN)
                .cca();
        assertThat(enough.explain().notes()).noneMatch(note -> note.startsWith("fewer than 5 rows"));
    }

    @Test
    void aMassiveRowIsToldOf() {
        double[][] rows = Golden.normal(new Random(1), 30, 5);
        rows[7][2] = 1000; // centred, it has 29 / 30 of all squared length
        double[][] plain = Golden.normal(new Random(2), 30, 5);
        SimilarityMatrix found = Similarity.of(
                        List.of(Representation.of("emb", plain), Representation.of("1", rows)), GIVEN)
                .cka();
        assertThat(found.explain().notes())
                .anyMatch(note ->
                        note.startsWith("few rows, each more than 5 times as long as the median, carry up to 97 % of"));
        assertThat(Similarity.of(List.of(Representation.of("emb", plain)), GIVEN)
                        .cka()
                        .explain()
                        .notes())
                .noneMatch(note -> note.startsWith("few rows"));
    }

    @Test
    void moreColumnsThanRowsMakeProcrustesWary() {
        SimilarityMatrix wide = Similarity.of(
                        List.of(Representation.of("1", Golden.normal(new Random(1), 5, 6))), GIVEN)
                .procrustes();
        assertThat(wide.explain().notes()).anyMatch(note -> note.startsWith("5 rows of width 6: with fewer rows"));
    }

    @Test
    void aNumberThatIsNotFiniteNamesTheLayer() {
        float[][] rows = {{1, 2}, {3, Float.NaN}};
        assertThatThrownBy(() -> Representation.of("residual.3", rows))
                .hasMessageStartingWith("residual.3: row 1, element 1 is NaN");
        assertThatThrownBy(() -> Cka.of(new double[][] {{Double.POSITIVE_INFINITY}}, new double[][] {{1}}))
                .hasMessageStartingWith("the first: row 0, element 0 is Infinity");
    }

    @Test
    void rowsMustBelongTogether() {
        double[][] ten = Golden.normal(new Random(1), 10, 3);
        double[][] nine = Golden.normal(new Random(1), 9, 3);
        assertThatThrownBy(() -> Cka.of(ten, nine))
                .hasMessage("the first has 10 rows and the second has 9; row i of both must belong to the same input");
        assertThatThrownBy(() -> Procrustes.of(ten, nine)).hasMessageContaining("same input");
        assertThatThrownBy(() -> CanonicalCorrelations.of(ten, nine)).hasMessageContaining("same input");
        assertThatThrownBy(() -> Similarity.of(List.of(), GIVEN)).hasMessage("no layers given; need at least one");
        assertThatThrownBy(() -> Representation.of("1", new double[][] {{1, 2}, {1}}))
                .hasMessage("1: row 1 has 1 numbers, row 0 has 2; need one width");
        assertThatThrownBy(() -> Representation.of("1", new double[0][])).hasMessageContaining("0 rows of width 0");
        assertThatThrownBy(() -> Representation.of("1", new float[5], 2))
                .hasMessage("1: 5 numbers do not make whole rows of width 2");
    }

    @Test
    void optionsSayWhatIsAllowed() {
        Similarity plan = Similarity.of(List.of(Representation.of("1", Golden.A)), GIVEN);
        assertThatThrownBy(() -> plan.svcca(0)).hasMessageContaining("above 0 and at most 1; 0.99 is usual");
        assertThatThrownBy(() -> plan.svcca(Double.NaN)).hasMessageContaining("above 0 and at most 1");
        assertThatThrownBy(() -> plan.every(0)).hasMessage("every 0 layers: give 1 or more");
        assertThatThrownBy(() -> new SimilarityMeasure.BatchedAlignment(3)).hasMessageContaining("at least 4");
    }
}
