package microtome.model.family;

/**
 * Where a file has the numbers of one role.
 *
 * @param name of the tensor; {@code {n}} stands for the block
 * @param layout how they lie in it
 * @param optional whether a model may be without
 */
public record Source(String name, Layout layout, boolean optional) {

    /** How a matrix {@code [outputs, inputs]}, or a vector {@code [outputs]}, lies in a stored tensor. */
    public sealed interface Layout {}

    /** It is the tensor. */
    public record Whole() implements Layout {}

    /** It is the tensor with rows and columns exchanged; of these outputs a part. */
    public record Transposed(int first, int outputs) implements Layout {}

    /** It is some rows in a row. */
    public record Rows(int first, int outputs) implements Layout {}

    /** The tensor holds, for every head, this many parts of as many rows; it is one of them. */
    public record PartOfHeads(int part, int parts, int headWidth) implements Layout {}

    /** The name in one block. */
    public String name(int block) {
        return name.replace("{n}", Integer.toString(block));
    }
}
