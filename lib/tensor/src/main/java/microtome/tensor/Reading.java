package microtome.tensor;

import java.lang.foreign.MemorySegment;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Brings the values of a tensor into Java arrays. */
final class Reading {
    private Reading() {}

    static float[] floats(Tensor tensor) {
        return switch (tensor.dtype()) {
            case F32 -> {
                var values = new float[length(tensor)];
                tensor.download(MemorySegment.ofArray(values));
                yield values;
            }
            case F64, I32 -> {
                var values = doubles(tensor);
                var floats = new float[values.length];
                for (int i = 0; i < values.length; i++) {
                    floats[i] = (float) values[i];
                }
                yield floats;
            }
            default -> decoded(tensor, Reading::floats);
        };
    }

    static double[] doubles(Tensor tensor) {
        return switch (tensor.dtype()) {
            case F64 -> {
                var values = new double[length(tensor)];
                tensor.download(MemorySegment.ofArray(values));
                yield values;
            }
            case I32 -> IntStream.of(ints(tensor)).asDoubleStream().toArray();
            default -> {
                var floats = floats(tensor);
                yield IntStream.range(0, floats.length)
                        .mapToDouble(i -> floats[i])
                        .toArray();
            }
        };
    }

    static int[] ints(Tensor tensor) {
        if (tensor.dtype() != DType.I32) {
            throw new IllegalArgumentException(
                    "toInts: the tensor is %s; cast it to I32 first, or use toFloats".formatted(tensor.type()));
        }
        var values = new int[length(tensor)];
        tensor.download(MemorySegment.ofArray(values));
        return values;
    }

    static String firstValues(Tensor tensor, int count) {
        long elements = tensor.shape().elements();
        boolean whole = elements <= count || tensor.dtype().isBlocked();
        return flatStart(tensor, whole ? elements : count, first -> {
            var values = doubles(first);
            return IntStream.range(0, Math.min(count, values.length))
                    .mapToObj(i -> String.format(Locale.ROOT, "%.5g", values[i]))
                    .collect(Collectors.joining(", ", "[", elements > count ? ", …]" : "]"));
        });
    }

    private static <R> R flatStart(Tensor tensor, long count, Function<Tensor, R> read) {
        if (tensor.dtype().isBlocked()) {
            return read.apply(tensor);
        }
        try (var flat = tensor.reshape(-1);
                var first = flat.slice(0, 0, count)) {
            return read.apply(first);
        }
    }

    private static <R> R decoded(Tensor tensor, Function<Tensor, R> read) {
        try (var plain = tensor.cast(DType.F32)) {
            return read.apply(plain);
        }
    }

    private static int length(Tensor tensor) {
        long elements = tensor.shape().elements();
        if (elements > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException(
                    "%s has %d values, more than a Java array holds; slice it, or download into a MemorySegment"
                            .formatted(tensor.type(), elements));
        }
        return (int) elements;
    }
}
