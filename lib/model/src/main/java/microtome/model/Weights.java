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
    BF16;

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

    /** The name on the command line: {@code as-stored}, {@code f32} or {@code bf16}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Bytes that a tensor of a file takes in this form; everything but matrices is F32 in the forms that are not the file's. */
    long bytes(StoredTensor stored) {
        boolean matrix = stored.shape().rank() > 1;
        return switch (this) {
            case AS_STORED -> stored.bytes().byteSize();
            case F32 -> DType.F32.bytes(stored.shape().elements());
            case BF16 -> (matrix ? DType.BF16 : DType.F32).bytes(stored.shape().elements());
        };
    }
}
