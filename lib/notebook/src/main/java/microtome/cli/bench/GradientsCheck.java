package microtome.cli.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import microtome.cli.bench.LogitGradients.Logits;
import microtome.model.Site;
import microtome.model.format.WeightFile;
import microtome.model.format.WeightFormats;

/** How far gradients are from those of the peer, or of another way to take them: relative Euclidean distances. */
final class GradientsCheck {
    /** Ten times what {@code transformers} in F32 shows against its own F64 on this passage, at the worst depth. */
    private static final double PEER_BOUND = 5e-5;
    /** Sums of other numbers of rows differ in the last bits; as much as two correct programs may differ. */
    private static final double BATCH_BOUND = PEER_BOUND;

    private GradientsCheck() {}

    /**
     * Says how far ours are from the peer's, at the worst depth.
     *
     * @throws WrongResult above the bound: the time of a wrong result says nothing
     */
    static String of(LogitGradients ours, PeerGradients peer) {
        double worst = 0;
        for (Logits logits : Logits.values()) {
            Path file = temporaryFile();
            try {
                peer.keep(logits, file.toString());
                worst = Math.max(worst, worst(ours, logits, file));
            } finally {
                delete(file);
            }
        }
        return within("against transformers in F32", worst, PEER_BOUND);
    }

    /** Says how far gradients of a batch are from those taken one by one. */
    static String ofBatch(LogitGradients ours, int count) {
        double worst = 0;
        for (var both : ours.bothWays(count)) {
            worst = Math.max(worst, distance(both.getFirst(), both.getLast()));
        }
        return within("batched against one by one", worst, BATCH_BOUND);
    }

    private static String within(String what, double worst, double bound) {
        String found = "%s, relative error at the worst depth %.1e (bound %.1e)".formatted(what, worst, bound);
        if (!(worst <= bound)) {
            throw new WrongResult("not timed, because the result is wrong: " + found);
        }
        return found;
    }

    private static double worst(LogitGradients ours, Logits logits, Path file) {
        var found = ours.values(logits);
        try (WeightFile expected = WeightFormats.open(file)) {
            double worst = 0;
            for (int depth = 0; depth < found.size(); depth++) {
                worst = Math.max(worst, distance(found.get(depth), numbers(expected, Site.residual(depth))));
            }
            return worst;
        }
    }

    /** NaN counts as infinitely far. */
    static double distance(float[] ours, float[] theirs) {
        double difference = 0;
        double length = 0;
        for (int at = 0; at < theirs.length; at++) {
            difference += Math.pow((double) ours[at] - theirs[at], 2);
            length += Math.pow(theirs[at], 2);
        }
        double error = Math.sqrt(difference / length);
        return Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
    }

    private static float[] numbers(WeightFile file, Site site) {
        MemorySegment bytes = file.tensor(site.name()).bytes();
        var numbers = new float[Math.toIntExact(bytes.byteSize() / Float.BYTES)];
        MemorySegment.copy(bytes, ValueLayout.JAVA_FLOAT_UNALIGNED, 0, numbers, 0, numbers.length);
        return numbers;
    }

    private static Path temporaryFile() {
        try {
            return Files.createTempFile("microtome-gradients", ".safetensors");
        } catch (IOException failure) {
            throw new UncheckedIOException("no temporary file for the peer's gradients", failure);
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException leftBehind) {
            throw new UncheckedIOException(file + ": cannot be removed", leftBehind);
        }
    }
}
