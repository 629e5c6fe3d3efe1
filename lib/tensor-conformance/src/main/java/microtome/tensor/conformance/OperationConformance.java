package microtome.tensor.conformance;

import static microtome.tensor.DType.BF16;
import static microtome.tensor.DType.F32;
import static microtome.tensor.DType.F64;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import microtome.tensor.DType;
import microtome.tensor.Engine;
import microtome.tensor.Op;
import microtome.tensor.Tensor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What holds for every operation, whatever it computes: each on every type that it takes, in every awkward size, with no
 * elements, on views and on mapped memory. What is right, the reference says, in F64.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class OperationConformance extends BackendConformance {
    private static final int[][] EMPTY = {{0, 3}, {3, 0}, {0, 0}, {0, 1021}};
    /** Off every alignment that a kernel could wish for. */
    private static final int[] OFFSETS = {1, 3};

    private Engine reference;

    /** For subclasses. */
    protected OperationConformance() {}

    @BeforeAll
    void openReference() {
        reference = Engine.open("reference");
    }

    @AfterAll
    void closeReference() {
        reference.close();
    }

    @Test
    void everyOperationHasASample() {
        var sampled = Samples.of(random(), F32, 3, 3).stream()
                .flatMap(sample -> kinds(sample.op()))
                .collect(Collectors.toSet());
        // States are F64 whatever the rows are, which no sample of one type can be; StatisticsConformance has them.
        var states = Set.of("UpdateMoments", "UpdateExamples");
        var expected = kinds(Op.class).filter(kind -> !states.contains(kind));
        assertThat(sampled).as("what Samples has").containsAll(expected.toList());
    }

    /** Every operation, and where it has a kind, every kind of it. */
    private static Stream<String> kinds(Class<?> family) {
        if (family.isSealed()) {
            return Arrays.stream(family.getPermittedSubclasses()).flatMap(OperationConformance::kinds);
        }
        var kinds = Arrays.stream(family.getRecordComponents())
                .map(RecordComponent::getType)
                .filter(type -> type.isEnum() && type != DType.class)
                .flatMap(type -> Arrays.stream(type.getEnumConstants()))
                .map(kind -> family.getSimpleName() + " " + kind);
        return Stream.concat(Stream.of(family.getSimpleName()), kinds);
    }

    private static Stream<String> kinds(Op op) {
        var name = op.getClass().getSimpleName();
        return Stream.concat(
                Stream.of(name),
                Arrays.stream(op.getClass().getRecordComponents())
                        .filter(component -> component.getType().isEnum() && component.getType() != DType.class)
                        .map(component -> name + " " + value(op, component)));
    }

    private static Object value(Op op, RecordComponent component) {
        try {
            return component.getAccessor().invoke(op);
        } catch (ReflectiveOperationException hidden) {
            throw new AssertionError("the kind of " + op, hidden);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"F32", "BF16", "F16", "I32"})
    void agreesInEveryAwkwardSize(DType type) {
        for (int size : AWKWARD) {
            for (var sample : Samples.of(random(), type, 3, size)) {
                check(sample, type);
            }
            for (var sample : Samples.of(random(), type, size, 2)) {
                check(sample, type);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"F32", "BF16", "F16", "I32"})
    void agreesOnNothing(DType type) {
        for (var sizes : EMPTY) {
            for (var sample : Samples.of(random(), type, sizes[0], sizes[1])) {
                check(sample, type);
            }
        }
    }

    private void check(Sample sample, DType type) {
        try (var _ = engine().openScope();
                var _ = reference.openScope()) {
            var result = sample.result(engine(), (engine, input) -> input.on(engine));
            var wanted = sample.inDoubles(reference);
            assertThat(result.shape()).as(sample.toString()).isEqualTo(wanted.shape());
            compare(sample, type, result, wanted.toDoubles());
        } catch (RuntimeException | AssertionError failure) {
            throw new AssertionError(sample + ": " + failure.getMessage(), failure);
        }
    }

    private void compare(Sample sample, DType type, Tensor result, double[] wanted) {
        if (sample.magnitude() == 0) {
            assertExact(result, wanted);
            return;
        }
        var magnitudes = Expected.map(wanted, _ -> sample.magnitude());
        var tolerance = Tolerance.ofSum(result.dtype(), sample.terms()).and(Tolerance.ofFunction(result.dtype()));
        // Attention may round what it multiplies with the values.
        boolean roundsInside =
                type != F32 && (sample.op() instanceof Op.Attention || sample.op() instanceof Op.AttentionMix);
        assertClose(
                result, new Expected(wanted, magnitudes), roundsInside ? tolerance.roundingTermsTo(type) : tolerance);
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"F32", "BF16", "F16", "I32"})
    void viewsGiveTheBitsOfCopies(DType type) {
        for (int size : new int[] {3, 33, 257}) {
            for (var sample : Samples.of(random(), type, 3, size)) {
                same(sample, (engine, input) -> insideALargerTensor(engine, input));
            }
        }
    }

    /** A slice of the outermost axis shares memory; one more element, or row, in front moves it. */
    private static Tensor insideALargerTensor(Engine engine, Host input) {
        var shape = input.type().shape();
        if (shape.rank() == 0) {
            return input.on(engine);
        }
        var extents = shape.extents();
        var one = extents.clone();
        one[0] = 1;
        var before = engine.filled(1, input.type().dtype(), one);
        return Tensor.concat(0, List.of(before, input.on(engine))).slice(0, 1, 1 + extents[0]);
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"F32", "BF16", "F16", "I32"})
    void mappedMemoryAtAnyByteGivesTheBitsOfCopies(DType type) {
        try (var arena = Arena.ofShared()) {
            for (int offset : OFFSETS) {
                for (var sample : Samples.of(random(), type, 3, 33)) {
                    same(sample, (engine, input) -> {
                        var memory =
                                arena.allocate(offset + input.type().bytes()).asSlice(offset);
                        return engine.wrap(memory.copyFrom(input.encoded()), input.type());
                    });
                }
            }
            engine().synchronize();
        }
    }

    @Test
    void theSameCallGivesTheSameBits() {
        for (var type : new DType[] {F32, BF16}) {
            for (var sample : Samples.of(random(), type, 3, 1021)) {
                same(sample, (engine, input) -> input.on(engine));
            }
        }
    }

    private void same(Sample sample, Sample.Placement placement) {
        try (var _ = engine().openScope()) {
            var copied = sample.result(engine(), (engine, input) -> input.on(engine));
            var placed = sample.result(engine(), placement);
            assertThat(placed.type()).as(sample.toString()).isEqualTo(copied.type());
            assertThat(placed.toDoubles()).as(sample.toString()).isEqualTo(copied.toDoubles());
        }
    }

    /** Only the reference has to compute in F64; others may refuse, with the way out, but never give rounded doubles. */
    @Test
    void doublesAreComputedAsDoublesOrRefused() {
        for (int size : AWKWARD) {
            for (var sample : Samples.of(random(), F64, 3, size)) {
                try (var _ = engine().openScope();
                        var _ = reference.openScope()) {
                    var result = sample.result(engine(), (engine, input) -> input.on(engine));
                    var wanted = sample.inDoubles(reference).toDoubles();
                    compare(sample, F64, result, wanted);
                } catch (microtome.tensor.BackendException refused) {
                    assertThat(backend()).isNotEqualTo("reference");
                    assertThat(refused).hasMessageContaining("F64").hasMessageContaining("Engine.open(\"reference\")");
                }
            }
        }
    }
}
