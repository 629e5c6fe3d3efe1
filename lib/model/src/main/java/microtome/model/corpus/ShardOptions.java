package microtome.model.corpus;

import microtome.model.format.StoredType;

/**
 * How activations lie on disk.
 *
 * @param bytes the most bytes of a shard; a single batch that is larger is a shard of its own
 * @param type F32, BF16 or F16
 */
public record ShardOptions(long bytes, StoredType type) {
    /** F32 in shards of at most 128 MiB. */
    public static final ShardOptions DEFAULT = new ShardOptions(128L << 20, StoredType.F32);

    public ShardOptions {
        if (bytes < 1) {
            throw new IllegalArgumentException("shards of %d bytes: need at least 1".formatted(bytes));
        }
        switch (type) {
            case F32, BF16, F16 -> {}
            default ->
                throw new IllegalArgumentException(
                        "activations cannot be stored as %s; use F32, BF16 or F16".formatted(type));
        }
    }

    /** The same with another largest shard. */
    public ShardOptions bytes(long most) {
        return new ShardOptions(most, type);
    }

    /** The same with another type. */
    public ShardOptions type(StoredType other) {
        return new ShardOptions(bytes, other);
    }
}
