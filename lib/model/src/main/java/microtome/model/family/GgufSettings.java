package microtome.model.family;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;
import microtome.model.format.GgufMetadata;

/** Settings of the metadata of a GGUF file. */
public record GgufSettings(GgufMetadata metadata) implements Settings {

    @Override
    public OptionalDouble number(String key) {
        if (!metadata.has(key)) {
            return OptionalDouble.empty();
        }
        if (metadata.kind(key).startsWith("array")) {
            return OptionalDouble.of(sameEverywhere(key));
        }
        boolean fraction = metadata.kind(key).startsWith("F");
        return OptionalDouble.of(fraction ? metadata.floatValue(key) : metadata.longValue(key));
    }

    /** Some converters write a size of every block where others write one for all. */
    private long sameEverywhere(String key) {
        long[] each = metadata.longs(key);
        if (each.length == 0 || LongStream.of(each).distinct().count() > 1) {
            throw metadata.bad(key, Arrays.toString(each), "one number for all blocks: blocks of one size");
        }
        return each[0];
    }

    @Override
    public Optional<String> text(String key) {
        return metadata.has(key) ? Optional.of(metadata.string(key)) : Optional.empty();
    }

    @Override
    public Optional<Boolean> flag(String key) {
        return metadata.has(key) ? Optional.of(metadata.booleanValue(key)) : Optional.empty();
    }

    @Override
    public List<String> texts(String key) {
        return List.of();
    }

    @Override
    public List<Double> numbers(String key) {
        return metadata.has(key) ? DoubleStream.of(metadata.floats(key)).boxed().toList() : List.of();
    }

    /** Of an array; one truth value or a number is no list. */
    @Override
    public List<Boolean> flags(String key) {
        return metadata.has(key) && metadata.kind(key).startsWith("array") ? metadata.booleans(key) : List.of();
    }

    @Override
    public boolean isNull(String key) {
        return false;
    }

    @Override
    public String source() {
        return metadata.path().toString();
    }
}
