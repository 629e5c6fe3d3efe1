package microtome.probe.depth.reading;

import java.util.List;
import java.util.stream.IntStream;

/** Which depths of a model are looked at. */
public final class DepthSteps {
    private DepthSteps() {}

    /**
     * 0, {@code every}, twice that and so on, and the last depth.
     *
     * @throws IllegalArgumentException unless {@code every} is at least 1
     */
    public static List<Integer> of(int blocks, int every) {
        if (every < 1) {
            throw new IllegalArgumentException("every %d depths: give 1 for all, 2 for every other".formatted(every));
        }
        return IntStream.concat(
                        IntStream.iterate(0, depth -> depth < blocks, depth -> depth + every), IntStream.of(blocks))
                .boxed()
                .toList();
    }
}
