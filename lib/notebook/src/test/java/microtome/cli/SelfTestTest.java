package microtome.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import microtome.model.store.ModelStore;
import microtome.tensor.Availability;
import microtome.tensor.DType;
import microtome.tensor.Engine;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class SelfTestTest {
    private static final String NUMBER = "[0-9]+(\\.[0-9])?";

    @Test
    void theDoctorMeasuresUnlessItIsToldNotTo() {
        Call call = Call.of("doctor");
        assertThat(call.out()).contains("self-test F32 products");
    }

    @Test
    void speedsStandBesideTheMachinesLimits() {
        Assumptions.assumeTrue(isAvailable("cpu"), "the native library is not built");
        try (Engine engine = Engine.open("cpu")) {
            List<Finding> findings = SelfTest.of(engine);
            assertThat(findings).allMatch(finding -> finding.state() == Finding.State.OK);
            assertThat(findings)
                    .extracting(Finding::what)
                    .containsExactly(
                            "self-test F32 products", "self-test BF16 products", "self-test memory", "self-test ridge");
            assertThat(findings.getFirst().details()).matches(NUMBER + " GFLOP/s of " + NUMBER + " \\([0-9]+ %\\).*");
            assertThat(findings.get(2).details())
                    .matches("one row times F32 weights reads " + NUMBER + " GB/s of " + NUMBER + " .*");
            assertThat(findings.getLast().details()).matches(NUMBER + " operations per byte: products of up to .*");
            assertThat(engine.liveTensors()).isZero();
        }
    }

    @Test
    void aSlowBackendIsCheckedAndNotKeptBusy() {
        var doctor = new Doctor(
                ModelStore.of(List.of()),
                new KernelSpecs(List.of()),
                List.of(new Availability("reference", true, "plain Java")));
        assertThat(doctor.selfTest()).singleElement().satisfies(finding -> {
            assertThat(finding.state()).isEqualTo(Finding.State.OK);
            assertThat(finding.details()).startsWith("right; not timed");
        });
    }

    @Test
    void withoutABackendThereIsNothingToTest() {
        var doctor = new Doctor(
                ModelStore.of(List.of()),
                new KernelSpecs(List.of()),
                List.of(new Availability("cpu", false, "not built")));
        assertThat(doctor.selfTest()).isEmpty();
    }

    @Test
    void aWrongProductIsFoundAndTheNotebooksAreStopped() {
        float[] left = new float[257];
        float[] weight = new float[127 * 257];
        Arrays.fill(left, 1);
        Arrays.fill(weight, 0.5f);
        float[] product = new float[127];
        Arrays.fill(product, 128.5f);
        assertThat(ProductCheck.error(left, weight, product)).isLessThanOrEqualTo(1);
        product[126] = 128.51f;
        double error = ProductCheck.error(left, weight, product);
        assertThat(error).isGreaterThan(1);
        product[126] = Float.NaN;
        assertThat(ProductCheck.error(left, weight, product)).isInfinite();
        Finding finding = SelfTest.judged(DType.F32, error, "230 GFLOP/s");
        assertThat(finding.state()).isEqualTo(Finding.State.NEEDED);
        assertThat(finding.details()).startsWith("WRONG").doesNotContain("230");
        assertThat(finding.fix()).contains("environment/verify native", "MT_ISA_CAP=x86-64-v3");
    }

    @Test
    void aShareIsSaidInPercentAndALowOneAsksWhatElseRuns() {
        assertThat(SelfTest.speed(230e9, OptionalDouble.of(290e9))).isEqualTo("230 GFLOP/s of 290 (79 %)");
        assertThat(SelfTest.speed(100e9, OptionalDouble.of(290e9))).endsWith("(34 %); is another program busy?");
        assertThat(SelfTest.speed(30e9, OptionalDouble.empty())).contains("30 GFLOP/s", "cannot tell");
        assertThat(SelfTest.ridge(256e9, 40e9))
                .isEqualTo("6.4 operations per byte: products of up to 12 rows of F32 wait for memory, "
                        + "larger ones for arithmetic");
    }

    private static boolean isAvailable(String backend) {
        return Engine.availability().stream().anyMatch(each -> each.backend().equals(backend) && each.available());
    }
}
