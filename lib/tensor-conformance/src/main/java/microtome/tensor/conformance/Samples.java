package microtome.tensor.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import microtome.tensor.DType;
import microtome.tensor.Op;
import microtome.tensor.Shape;
import microtome.tensor.TensorType;

/** Every operation and every kind of it, with inputs of one type around a matrix {@code [rows, width]}. */
final class Samples {
    /** No input is larger, so that the size of every sum is known beforehand. */
    private static final double LARGEST = 4;
    /** No denominator and no argument of a logarithm is smaller; a power of two, which every type holds. */
    private static final double SMALLEST = 0x1p-6;

    private static final int FEW = 5;
    private static final float EPSILON = 0x1p-10f;

    private final Random random;
    private final DType type;
    private final int rows;
    private final int width;
    private final List<Sample> samples = new ArrayList<>();

    private Samples(Random random, DType type, int rows, int width) {
        this.random = random;
        this.type = type;
        this.rows = rows;
        this.width = width;
    }

    static List<Sample> of(Random random, DType type, int rows, int width) {
        var samples = new Samples(random, type, rows, width);
        samples.addMovements();
        samples.addSelections();
        samples.addElementwise();
        if (type.isFloating()) {
            samples.addRows();
            samples.addProducts();
            samples.addAttention();
            samples.addGradients();
            samples.addDomain();
        } else {
            samples.addIntegerRows();
        }
        return List.copyOf(samples.samples);
    }

    private void addMovements() {
        var matrix = numbers(rows, width);
        exact(new Op.Fill(-3, TensorType.of(type, rows, width)));
        for (var to : new DType[] {DType.F32, DType.BF16, DType.F16, DType.I32}) {
            exact(new Op.Cast(to), matrix);
        }
        exact(new Op.Reshape(Shape.of(width, 1, rows)), matrix);
        exact(new Op.Permute(List.of(1, 0)), matrix);
        exact(new Op.Broadcast(Shape.of(2, rows, width)), numbers(rows, 1));
        exact(new Op.Slice(1, width / 3, width - width / 4), matrix);
        exact(new Op.Slice(0, rows / 3, rows), matrix);
        exact(new Op.Concat(0), matrix, numbers(2, width), numbers(0, width));
        exact(new Op.Concat(1), matrix, numbers(rows, 3));
        exact(new Op.Pad(0, 1, 2, 7), matrix);
        exact(new Op.Pad(1, 2, 1, -1), matrix);
    }

    private void addSelections() {
        var matrix = numbers(rows, width);
        samples.add(Sample.exact(new Op.Gather(), matrix).withIndices(places(rows == 0 ? 0 : 7, rows), 1));
        var updates = numbers(rows == 0 ? 0 : 7, width);
        samples.add(Sample.near(new Op.ScatterAdd(), type.isFloating() ? 8 * LARGEST : 0, 8, matrix, updates)
                .withIndices(places(rows == 0 ? 0 : 7, rows), 1));
        exact(new Op.Where(), choices(rows, 1), matrix, numbers(width));
        if (type.isFloating() && width > 0) {
            exact(new Op.TopK(Math.min(width, FEW)), matrix);
            samples.add(Sample.near(new Op.CrossEntropy(), 1 + 4 * LARGEST, width, matrix)
                    .withIndices(places(rows, width), 1));
        }
    }

    private void addElementwise() {
        for (var function : Op.Unary.Function.values()) {
            switch (function) {
                case NEGATE, ABS, SIGN -> exact(new Op.Unary(function), numbers(rows, width));
                // The largest is exp, of which an argument's rounding error changes 4 times itself.
                case EXP, TANH, ERF, SIN, COS, SIGMOID ->
                    near(new Op.Unary(function), (1 + LARGEST) * Math.exp(LARGEST), 1, numbers(rows, width));
                case LOG, SQRT, RECIPROCAL -> near(new Op.Unary(function), 1 / SMALLEST, 1, positive(rows, width));
            }
        }
        for (var function : Op.Binary.Function.values()) {
            switch (function) {
                case ADD, SUBTRACT, MULTIPLY ->
                    near(new Op.Binary(function), LARGEST * LARGEST, 1, numbers(rows, width), numbers(width));
                case DIVIDE ->
                    near(new Op.Binary(function), LARGEST / SMALLEST, 1, numbers(rows, width), positive(rows, 1));
                case MAXIMUM, MINIMUM, LESS -> exact(new Op.Binary(function), numbers(rows, 1), numbers(1, width));
            }
        }
        for (var activation : Op.Activation.values()) {
            for (var output : new DType[] {DType.F32, DType.BF16, DType.F16}) {
                var op = new Op.GatedActivation(activation, output);
                near(op, LARGEST * LARGEST, 1, numbers(rows, width), numbers(rows, width));
            }
        }
    }

    private void addRows() {
        for (int axis = 0; axis < 2; axis++) {
            long terms = axis == 0 ? rows : width;
            exact(new Op.Reduce(Op.Reduce.Kind.MAX, axis), numbers(rows, width));
            near(new Op.Reduce(Op.Reduce.Kind.SUM, axis), terms * LARGEST, terms, numbers(rows, width));
            near(new Op.Reduce(Op.Reduce.Kind.LOGSUMEXP, axis), 1 + 2 * LARGEST, terms, numbers(rows, width));
            near(new Op.Softmax(axis), 1 + 2 * LARGEST, terms, numbers(rows, width));
        }
        double normed = 2 * LARGEST / Math.sqrt(EPSILON) * LARGEST + LARGEST;
        for (var output : new DType[] {DType.F32, DType.BF16, DType.F16}) {
            near(new Op.RmsNorm(EPSILON, output), normed, width, numbers(rows, width), numbers(width));
            var op = new Op.LayerNorm(EPSILON, output);
            near(op, normed, width, numbers(rows, width), numbers(width), numbers(width));
        }
    }

    private void addIntegerRows() {
        for (int axis = 0; axis < 2; axis++) {
            exact(new Op.Reduce(Op.Reduce.Kind.MAX, axis), numbers(rows + 1, width + 1));
            exact(new Op.Reduce(Op.Reduce.Kind.SUM, axis), numbers(rows, width));
        }
    }

    private void addProducts() {
        double sum = width * LARGEST * LARGEST;
        for (var output : new DType[] {DType.F32, DType.BF16, DType.F16}) {
            near(new Op.MatMul(false, output), sum, width, numbers(rows, width), numbers(width, FEW));
            near(new Op.MatMul(true, output), sum, width, numbers(rows, width), numbers(FEW, width));
        }
        near(new Op.MatMul(false, DType.F32), sum, width, numbers(2, rows, width), numbers(2, width, FEW));
    }

    private void addAttention() {
        near(new Op.Rotary(2), 2 * LARGEST * LARGEST, 2, numbers(1, width, 12), numbers(width, 3), numbers(width, 3));
        // A score is 2 products; its error moves the weights of the values, which are then rounded to the type.
        double moved = 1 + 4 * LARGEST * LARGEST;
        for (boolean causal : new boolean[] {true, false}) {
            var attention = new Op.Attention(2, 1, 0.5f, causal);
            near(attention, moved * LARGEST, width + 2L, queries(), keys(), keys());
            near(new Op.AttentionPattern(2, 1, 0.5f, causal), moved, width + 2L, queries(), keys());
        }
        near(new Op.AttentionMix(1), width * LARGEST * LARGEST, width, numbers(2, 2, rows, width), keys());
    }

    private Host queries() {
        return numbers(2, width, 4);
    }

    private Host keys() {
        return numbers(2, width, 2);
    }

    private void addGradients() {
        var x = numbers(rows, width);
        var upstream = numbers(2, rows, width);
        double squared = LARGEST * LARGEST;
        near(new Op.Gradient.OfSoftmax(), LARGEST * (LARGEST + width * squared), width, x, upstream);
        // |x| / s <= sqrt(width) and sum |x| / s <= width, where s >= sqrt(epsilon) is what the norm divides by.
        double normed = (1 + Math.sqrt(width)) * squared / Math.sqrt(EPSILON);
        near(new Op.Gradient.OfRmsNorm(EPSILON), normed, width, x, numbers(width), upstream);
        // The mean is taken away with an error of the largest value, which the division by s enlarges.
        double centred = 3 * normed * LARGEST / Math.sqrt(EPSILON);
        near(new Op.Gradient.OfLayerNorm(EPSILON), centred, width, x, numbers(width), upstream);
        for (var activation : Op.Activation.values()) {
            var gate = numbers(rows, width);
            near(new Op.Gradient.OfGatedActivation(activation), 2 * LARGEST * squared, 1, gate, x, upstream);
        }
        if (width > 0) {
            var losses = new Op.Gradient.OfCrossEntropy();
            samples.add(Sample.near(losses, LARGEST * (1 + 2 * LARGEST), width, x, numbers(2, rows))
                    .withIndices(places(rows, width), 1));
        }
        // Of values up to 1: the weights of at most two heads times width queries, times scores of two products each.
        var attention = new Op.Gradient.OfAttention(2, 1, 0.5f, true);
        near(
                attention,
                40.0 * width,
                width + 2L,
                small(1, width, 4),
                small(1, width, 2),
                small(1, width, 2),
                small(1, width, 4));
    }

    private void addDomain() {
        double sum = width * LARGEST * LARGEST + LARGEST;
        var largest = new Op.SparseEncode(Op.SparseEncode.Choice.LARGEST, 3);
        near(largest, sum, width, numbers(rows, width), numbers(FEW, width), numbers(FEW));
        var active = new Op.SparseEncode(Op.SparseEncode.Choice.ACTIVE, FEW);
        near(active, sum, width, numbers(rows, width), numbers(FEW, width), numbers(FEW), numbers(FEW));
        // By Cauchy and Schwarz the terms of the product add up to 1 at most, and each of two norms has an error as well.
        near(new Op.Cosine(), 3, width, numbers(rows, width), numbers(FEW, width));
        // Samples of three values up to 1: y is at most 3, y^3 z at most 27, and an error of y changes it three times
        // that.
        for (var contrast : Op.IcaStep.Contrast.values()) {
            near(new Op.IcaStep(contrast, 1), 27 * (1 + 3), width, small(width, 3), small(2, 3));
        }
    }

    /** Only for types that the operation takes. */
    private void exact(Op op, Host... data) {
        near(op, 0, 1, data);
    }

    private void near(Op op, double magnitude, long terms, Host... data) {
        if (type.isFloating() || takesIntegers(op)) {
            samples.add(Sample.near(op, type.isFloating() ? magnitude : 0, terms, data));
        }
    }

    private static boolean takesIntegers(Op op) {
        return switch (op) {
            case Op.Unary(var function) ->
                switch (function) {
                    case NEGATE, ABS, SIGN -> true;
                    default -> false;
                };
            case Op.Binary(var function) -> function != Op.Binary.Function.DIVIDE;
            case Op.GatedActivation _ -> false;
            default -> true;
        };
    }

    private Host numbers(long... extents) {
        return made(() -> Math.clamp(random.nextGaussian() * (type.isFloating() ? 1 : 2), -LARGEST, LARGEST), extents);
    }

    /** Of at most 1; a quarter is exact in every type. */
    private Host small(long... extents) {
        var numbers = numbers(extents);
        return new Host(numbers.type(), Expected.map(numbers.values(), number -> number / LARGEST));
    }

    private Host positive(long... extents) {
        return made(() -> Math.clamp(Math.abs(random.nextGaussian()), SMALLEST, LARGEST), extents);
    }

    private Host choices(long... extents) {
        return made(() -> random.nextInt(2), extents);
    }

    private Host made(java.util.function.DoubleSupplier number, long... extents) {
        var values = new double[Math.toIntExact(Shape.of(extents).elements())];
        for (int i = 0; i < values.length; i++) {
            values[i] = number.getAsDouble();
        }
        return Host.of(type, values, extents);
    }

    private Host places(int count, int below) {
        var values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = random.nextInt(below);
        }
        return Host.of(DType.I32, values, count);
    }
}
