package microtome.probe.similarity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class GoldenNumbersTest {
    /** Half a unit of the last printed digit. */
    private static final Offset<Double> PRINTED = within(5e-7);

    @Test
    void theMatricesAreThoseOfTheNumbers() {
        assertThat(Golden.A[0])
                .containsExactly(new double[] {.227564, .183223, -.191281, -.222922, .165549, .403372}, PRINTED);
        assertThat(Golden.B[0]).containsExactly(new double[] {.176332, .219991, -.312198, -.062049}, PRINTED);
    }

    @Test
    void kernelAlignment() {
        Cka related = Cka.of(Golden.A, Golden.B);
        assertThat(related.biased()).isCloseTo(.676193, PRINTED);
        assertThat(related.debiased()).isCloseTo(.627348, PRINTED);
        Cka unrelated = Cka.of(Golden.A, Golden.C);
        assertThat(unrelated.biased()).isCloseTo(.212915, PRINTED);
        assertThat(unrelated.debiased()).isCloseTo(.008951, PRINTED);
    }

    @Test
    void canonicalCorrelations() {
        var found = CanonicalCorrelations.of(Golden.A, Golden.B);
        assertThat(found.correlations()).containsExactly(new double[] {.974560, .948736, .889188, .682293}, PRINTED);
        assertThat(found.mean()).isCloseTo(.873694, PRINTED);
        assertThat(found.weightedByFirst()).isCloseTo(.889737, PRINTED);
        assertThat(found.weightedBySecond()).isCloseTo(.894494, PRINTED);
    }

    @Test
    void canonicalCorrelationsOfPrincipalComponents() {
        var most = CanonicalCorrelations.of(Golden.A, Golden.B, 0.99);
        assertThat(most.keptOfFirst()).isEqualTo(6);
        assertThat(most.keptOfSecond()).isEqualTo(4);
        assertThat(most.mean()).isCloseTo(.873694, PRINTED);
        var fewer = CanonicalCorrelations.of(Golden.A, Golden.B, 0.9);
        assertThat(fewer.keptOfFirst()).isEqualTo(5);
        assertThat(fewer.keptOfSecond()).isEqualTo(3);
        assertThat(fewer.correlations()).containsExactly(new double[] {.966334, .946792, .873831}, PRINTED);
        assertThat(fewer.mean()).isCloseTo(.928986, PRINTED);
    }

    @Test
    void procrustes() {
        Procrustes found = Procrustes.of(Golden.A, Golden.B);
        assertThat(found.similarity()).isCloseTo(.751153, PRINTED);
        assertThat(found.distance() * found.distance()).isCloseTo(.497694, PRINTED);
        assertThat(found.angle()).isCloseTo(.720989, PRINTED);
    }
}
