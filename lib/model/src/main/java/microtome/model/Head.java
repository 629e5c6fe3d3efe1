package microtome.model;

/**
 * One attention head of one block, both counted from 0: what it mixed is a slice of {@link Site#headOutput}.
 *
 * @param block the block
 * @param index the head among the query heads of the block
 */
public record Head(int block, int index) implements Comparable<Head> {
    /** Checks that counting starts at 0. */
    public Head {
        if (block < 0 || index < 0) {
            throw new IllegalArgumentException(
                    "head %d of block %d: blocks and heads are counted from 0".formatted(index, block));
        }
    }

    /** Where the head's output is, before the output projection. */
    public Site site() {
        return Site.headOutput(block);
    }

    @Override
    public int compareTo(Head other) {
        return block != other.block ? Integer.compare(block, other.block) : Integer.compare(index, other.index);
    }

    /** Block and head, such as {@code 9.6}. */
    @Override
    public String toString() {
        return block + "." + index;
    }
}
