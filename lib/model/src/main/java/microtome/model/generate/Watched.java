package microtome.model.generate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import microtome.model.Site;
import microtome.model.Values;
import microtome.tensor.Shape;

/** Values of some sites of one sequence, pass by pass, on the host. */
final class Watched {
    private final Map<Site, List<Values>> passes = new LinkedHashMap<>();

    Watched(List<Site> sites) {
        sites.forEach(site -> passes.put(site, new ArrayList<>()));
    }

    /** Adds the values of one sequence of a pass. */
    void add(Site site, Values ofPass, int sequence) {
        long[] extents = ofPass.shape().extents();
        Shape shape = Shape.of(Arrays.copyOfRange(extents, 1, extents.length));
        passes.get(site).add(new Values(shape, ofPass.row(sequence)));
    }

    /** The values of all positions that were run, one behind the other; nothing where none was run. */
    Map<Site, Values> values() {
        var values = new LinkedHashMap<Site, Values>();
        passes.forEach((site, parts) -> {
            if (!parts.isEmpty()) {
                values.put(
                        site,
                        switch (site.kind()) {
                            case SCORES -> square(parts, Float.NEGATIVE_INFINITY);
                            case PATTERN -> square(parts, 0);
                            default -> behindEachOther(parts);
                        });
            }
        });
        return values;
    }

    private static Values behindEachOther(List<Values> parts) {
        long[] extents = parts.getFirst().shape().extents();
        extents[0] = parts.stream().mapToLong(part -> part.shape().extent(0)).sum();
        Shape shape = Shape.of(extents);
        var all = new float[Math.toIntExact(shape.elements())];
        int at = 0;
        for (Values part : parts) {
            System.arraycopy(part.array(), 0, all, at, part.array().length);
            at += part.array().length;
        }
        return new Values(shape, all);
    }

    /** Queries {@code [heads, queries, keys]} of every pass below each other; keys that came later are hidden, as in one pass. */
    private static Values square(List<Values> parts, float hidden) {
        int heads = extent(parts.getFirst(), 0);
        int positions = extent(parts.getLast(), 2);
        Shape shape = Shape.of(heads, positions, positions);
        var all = new float[Math.toIntExact(shape.elements())];
        Arrays.fill(all, hidden);
        int first = 0;
        for (Values part : parts) {
            int queries = extent(part, 1);
            int keys = extent(part, 2);
            for (int row = 0; row < heads * queries; row++) {
                int target = (row / queries * positions + first + row % queries) * positions;
                System.arraycopy(part.array(), row * keys, all, target, keys);
            }
            first += queries;
        }
        return new Values(shape, all);
    }

    private static int extent(Values values, int axis) {
        return Math.toIntExact(values.shape().extent(axis));
    }
}
