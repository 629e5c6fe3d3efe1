package microtome.model;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import microtome.model.format.StoredTensor;
import microtome.tensor.DType;

/** How the weight matrices of a model lie in memory. What they are multiplied with is a matter of {@link Precision}. */
public enum Weights {
    /**
     * As the file has them, in its own mapped memory, decoded inside each product: the numbers of F32 in the least memory,
     * and fastest for one token at a time. The file must stay as it is while the model is in use.
     */
    AS_STORED,
    /** Decoded to F32 when the model is loaded; fastest for many tokens at once. */
    F32,
    /** Rounded to BF16 when the model is loaded: half the memory. A file that holds BF16 loses nothing. */
    BF16,
    /** Rounded to Q8_0 when the model is loaded: 8 bits and a scale for each 32 neighbours of a row; decoded inside products. */
    Q8_0,
    /** Rounded to Q4_1 when the model is loaded: 4 bits, a step and a minimum for each 32 neighbours of a row. */
    Q4_1;

    /**
     * The form of this name, such as {@code as-stored}.
     *
     * @throws IllegalArgumentException for another name; the message lists all
     */
    public static Weights named(String name) {
        List<String> labels = Arrays.stream(values()).map(Weights::label).toList();
        return Arrays.stream(values())
                .filter(weights -> weights.label().equals(name.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "weights '%s' are unknown; give one of %s".formatted(name, String.join(", ", labels))));
    }

    /** The name on the command line: {@code as-stored}, {@code f32}, {@code bf16}, {@code q8_0} or {@code q4_1}. */
    public String label() {
        return this == AS_STORED ? "as-stored" : name().toLowerCase(Locale.ROOT);
    }

    /** Whether the numbers may differ from those of the file. */
    boolean isRounded() {
        return switch (this) {
            case AS_STORED, F32 -> false;
            case BF16, Q8_0, Q4_1 -> true;
        };
    }

    /** The type of matrices with rows of so many elements: those that are not whole blocks stay F32. */
    DType typeOf(long rowElements) {
        return switch (this) {
            case AS_STORED -> throw new IllegalStateException("the file says the type of what stays as stored");
            case F32 -> DType.F32;
            case BF16 -> DType.BF16;
            case Q8_0 -> rowElements % DType.Q8_0.blockElements() == 0 ? DType.Q8_0 : DType.F32;
            case Q4_1 -> rowElements % DType.Q4_1.blockElements() == 0 ? DType.Q4_1 : DType.F32;
        };
    }

    /** Bytes that a tensor of a file takes in this form; everything but matrices is F32 in the forms that are not the file's. */
    long bytes(StoredTensor stored) {
        if (this == AS_STORED) {
            return stored.bytes().byteSize();
        }
        boolean matrix = stored.shape().rank() > 1;
        DType type = matrix ? typeOf(stored.shape().extent(-1)) : DType.F32;
        return type.bytes(stored.shape().elements());
    }
}
