package microtome.tensor.conformance;

import static microtome.tensor.DType.F32;
import static microtome.tensor.DType.I32;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import microtome.tensor.DType;
import microtome.tensor.Shape;
import microtome.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The same values in other places: every result is exact, in every plain type. */
public abstract class MovementConformance extends BackendConformance {
    private static final int ROUNDS = 20;

    /** For subclasses. */
    protected MovementConformance() {}

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"F32", "F16", "BF16", "F64", "I32"})
    void permutesAnyAxes(DType type) {
        for (int round = 0; round < ROUNDS; round++) {
            var input = normal(type, randomExtents(1 + random().nextInt(5)));
            var axes = new ArrayList<>(
                    IntStream.range(0, input.type().shape().rank()).boxed().toList());
            Collections.shuffle(axes, random());
            var order = axes.stream().mapToInt(Integer::intValue).toArray();
            var output = input.on(engine()).permute(order);
            assertExact(output, picked(input, output.shape(), index -> {
                var source = new long[index.length];
                for (int axis = 0; axis < index.length; axis++) {
                    source[order[axis]] = index[axis];
                }
                return source;
            }));
        }
    }

    @Test
    void permutesAwkwardMatrices() {
        for (int rows : AWKWARD) {
            for (int columns : new int[] {1, 3, 31, 257}) {
                var input = normal(F32, rows, columns);
                var output = input.on(engine()).permute(1, 0);
                assertExact(output, picked(input, output.shape(), index -> new long[] {index[1], index[0]}));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"F32", "F16", "BF16", "F64", "I32"})
    void slicesAnyAxis(DType type) {
        for (int round = 0; round < ROUNDS; round++) {
            var input = normal(type, randomExtents(1 + random().nextInt(4)));
            int axis = random().nextInt(input.type().shape().rank());
            int from = random().nextInt(input.extent(axis) + 1);
            int to = from + random().nextInt(input.extent(axis) - from + 1);
            var output = input.on(engine()).slice(axis, from, to);
            assertExact(output, picked(input, output.shape(), index -> {
                var source = index.clone();
                source[axis] += from;
                return source;
            }));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"F32", "F16", "BF16", "F64", "I32"})
    void broadcastsMissingAndUnitAxes(DType type) {
        for (int round = 0; round < ROUNDS; round++) {
            var target = randomExtents(1 + random().nextInt(4));
            int added = random().nextInt(target.length + 1);
            var extents = LongStream.of(target)
                    .skip(added)
                    .map(extent -> random().nextBoolean() ? 1 : extent)
                    .toArray();
            var input = normal(type, extents);
            assertExact(input.on(engine()).broadcast(target), picked(input, Shape.of(target), index -> {
                var source = new long[extents.length];
                for (int axis = 0; axis < source.length; axis++) {
                    source[axis] = extents[axis] == 1 ? 0 : index[axis + added];
                }
                return source;
            }));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"F32", "F16", "BF16", "F64", "I32"})
    void concatenatesAlongAnyAxis(DType type) {
        for (int round = 0; round < ROUNDS; round++) {
            var input = normal(type, randomExtents(1 + random().nextInt(3)));
            var tensor = input.on(engine());
            int axis = random().nextInt(input.type().shape().rank());
            int cut = random().nextInt(input.extent(axis) + 1);
            var parts = List.of(
                    tensor.slice(axis, 0, cut),
                    tensor.slice(axis, cut, cut),
                    tensor.slice(axis, cut, input.extent(axis)));
            var whole = Tensor.concat(axis, parts);
            assertThat(whole.shape()).isEqualTo(tensor.shape());
            assertExact(whole, input.values());
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"F32", "F16", "BF16"})
    void gathersRows(DType type) {
        for (int width : AWKWARD) {
            var table = normal(type, 17, width);
            var wanted = random().ints(7, 0, 17).toArray();
            var rows = table.on(engine()).gather(engine().indices(wanted, 7, 1));
            assertThat(rows.shape()).isEqualTo(Shape.of(7, 1, width));
            assertExact(rows, picked(table, Shape.of(7, width), index ->
                    new long[] {wanted[(int) index[0]], index[1]}));
        }
    }

    @Test
    void gathersNothingFromNothing() {
        var none = engine().indices(new int[0], 0);
        assertThat(normal(F32, 0, 3).on(engine()).gather(none).shape()).isEqualTo(Shape.of(0, 3));
        assertThat(normal(F32, 5, 0)
                        .on(engine())
                        .gather(engine().indices(new int[] {4}, 1))
                        .toFloats())
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"F32", "F16", "BF16", "F64", "I32"})
    void fillsWithOneValue(DType type) {
        assertThat(engine().filled(-3, type, 3, 31).toDoubles()).hasSize(93).containsOnly(-3);
        assertThat(engine().filled(7, type).toDoubles()).containsExactly(7);
        assertThat(engine().filled(7, type, 0, 2).toDoubles()).isEmpty();
    }

    @Test
    void viewsOfViewsReadTheirOwnElements() {
        var input = normal(F32, 6, 2, 33);
        var view = input.on(engine()).slice(0, 2, 5).reshape(3, 66).slice(0, 1, 2);
        var expected = new double[66];
        System.arraycopy(input.values(), 3 * 66, expected, 0, 66);
        assertExact(view, expected);
        assertExact(view.plus(0), expected);
        assertExact(view.reshape(2, 33).permute(1, 0).permute(1, 0), expected);
    }

    @Test
    void movesEmptyTensors() {
        var empty = normal(F32, 0, 3).on(engine());
        assertThat(empty.permute(1, 0).shape()).isEqualTo(Shape.of(3, 0));
        assertThat(empty.broadcast(2, 0, 3).shape()).isEqualTo(Shape.of(2, 0, 3));
        assertThat(empty.slice(1, 1, 2).toFloats()).isEmpty();
        assertThat(engine().indices(new int[0], 0).dtype()).isEqualTo(I32);
        assertExact(Tensor.concat(0, List.of(empty, engine().filled(1, F32, 1, 3))), new double[] {1, 1, 1});
    }

    private long[] randomExtents(int rank) {
        var extents = new long[rank];
        for (int axis = 0; axis < rank; axis++) {
            extents[axis] = random().nextInt(rank == 1 ? 300 : 9);
        }
        return extents;
    }

    /** Where an element comes from. */
    private interface Source {
        long[] of(long[] index);
    }

    private static double[] picked(Host input, Shape output, Source source) {
        var result = new double[Math.toIntExact(output.elements())];
        var strides = input.type().shape().strides();
        for (int i = 0; i < result.length; i++) {
            var index = new long[output.rank()];
            long rest = i;
            for (int axis = index.length - 1; axis >= 0; axis--) {
                index[axis] = rest % output.extent(axis);
                rest /= output.extent(axis);
            }
            var from = source.of(index);
            long at = 0;
            for (int axis = 0; axis < from.length; axis++) {
                at += from[axis] * strides[axis];
            }
            result[i] = input.values()[(int) at];
        }
        return result;
    }
}
