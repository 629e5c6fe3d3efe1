package microtome.model.format;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A tensor of a weight file that holds numbers which are NaN or infinite. A model with one of them gives NaN everywhere
 * behind it, far from the cause; this names the cause.
 *
 * @param count how many numbers, or blocks with a scale that is not finite
 * @param first the first of them, counted in elements
 */
public record NonFinite(StoredTensor tensor, long count, long first) {
    private static final int MOST_NAMED = 5;

    /** All tensors of a file that hold such numbers, in the order of the file; it reads every page of the file. */
    public static List<NonFinite> in(WeightFile file) {
        return file.names().stream()
                .map(name -> in(file.tensor(name)))
                .flatMap(Optional::stream)
                .toList();
    }

    /**
     * What a tensor holds of such numbers, if anything. In blocks only the scales can be NaN or infinite. Types that
     * cannot be computed with, and whole numbers, have none.
     */
    public static Optional<NonFinite> in(StoredTensor tensor) {
        return NonFiniteScan.of(tensor).map(found -> new NonFinite(tensor, found.count(), found.first()));
    }

    /**
     * Fails when a tensor of the file holds such a number.
     *
     * @throws BadWeightFile that names the tensors
     */
    public static void refuse(WeightFile file) {
        List<NonFinite> found = in(file);
        if (found.isEmpty()) {
            return;
        }
        String others = found.stream()
                .skip(1)
                .limit(MOST_NAMED)
                .map(other -> "'" + other.tensor.name() + "'")
                .collect(Collectors.joining(", ", "; also in ", found.size() > MOST_NAMED + 1 ? ", …" : ""));
        throw new BadWeightFile(
                file.path(),
                "tensor '" + found.getFirst().tensor.name() + "'",
                found.getFirst().what() + (found.size() > 1 ? others : ""),
                "finite numbers",
                "download it again; if it stays so, the model was broken when it was saved");
    }

    private String what() {
        return tensor.storedType().blockElements() == 1
                ? "%d of %d numbers are NaN or infinite, the first at element %d"
                        .formatted(count, tensor.shape().elements(), first)
                : "%d blocks have a scale that is NaN or infinite, the first at element %d".formatted(count, first);
    }

    @Override
    public String toString() {
        return "tensor '%s' (%s %s): %s".formatted(tensor.name(), tensor.storedType(), tensor.shape(), what());
    }
}
