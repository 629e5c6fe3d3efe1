package microtome.tensor;

/**
 * Rows that arrive over time, such as the keys of an attention that has read some positions and will read more. They lie in
 * memory that doubles when it is full, so that a row costs its own copy and, on average, no more than one further; reading
 * all of them copies nothing. Works outside scopes and tapes: close it when done.
 */
public final class GrowingRows implements AutoCloseable {
    private static final long FIRST_CAPACITY = 64;

    private final Engine engine;
    private final DType type;
    private final long width;
    private Tensor table; // [1, capacity, width]; null until rows arrive
    private long count;
    private boolean closed;

    /**
     * No rows yet.
     *
     * @param type a plain type
     * @param width elements of a row
     */
    public GrowingRows(Engine engine, DType type, long width) {
        if (type.isBlocked() || width < 1) {
            throw new IllegalArgumentException(
                    "growing rows of %d elements of %s: need at least 1 element, of a type without blocks"
                            .formatted(width, type));
        }
        this.engine = engine;
        this.type = type;
        this.width = width;
    }

    /** How many rows there are. */
    public long count() {
        return count;
    }

    /**
     * Copies rows behind the others.
     *
     * @param rows {@code [..., width]} of this type
     * @throws IllegalStateException while a tape is open on this thread: no gradient would flow through the copy
     */
    public void append(Tensor rows) {
        requireAppendable(rows);
        long added = rows.shape().elements() / width;
        reserve(count + added);
        if (added > 0) {
            copy(rows, added, table, count);
        }
        count += added;
    }

    /**
     * All rows, {@code [1, count, width]}, as one sequence of positions: a view, which later rows do not change. Belongs to the
     * innermost open scope.
     */
    public Tensor rows() {
        requireOpen();
        reserve(1);
        return table.slice(1, 0, count);
    }

    /**
     * Forgets the rows from this one on; the next ones take their place. Views of more rows, given out before, are then of
     * no use.
     */
    public void truncate(long newCount) {
        if (newCount < 0 || newCount > count) {
            throw new IllegalArgumentException(
                    "truncate to %d rows: there are %d; give 0..%d".formatted(newCount, count, count));
        }
        count = newCount;
    }

    /** Frees the memory once nobody looks at its rows any more. */
    @Override
    public void close() {
        closed = true;
        if (table != null) {
            table.close();
        }
    }

    private void reserve(long needed) {
        if (table != null && table.extent(1) >= needed) {
            return;
        }
        long capacity = FIRST_CAPACITY;
        while (capacity < needed) {
            capacity = Math.multiplyExact(capacity, 2L);
        }
        var wanted = TensorType.of(type, 1, capacity, width);
        Tensor larger = engine.outsideScopes(() -> engine.uninitialised(wanted));
        if (table != null) {
            if (count > 0) {
                copy(table, count, larger, 0);
            }
            table.close();
        }
        table = larger;
    }

    private void copy(Tensor from, long rows, Tensor to, long firstRow) {
        engine.copyElements(from, to, firstRow * width, rows * width);
    }

    private void requireAppendable(Tensor rows) {
        requireOpen();
        rows.requireOpen();
        var shape = rows.shape();
        if (rows.engine() != engine || rows.dtype() != type || shape.rank() < 1 || shape.extent(-1) != width) {
            throw new IllegalArgumentException("append: rows are %s; they must be %s [..., %d] of the same engine"
                    .formatted(rows.type(), type, width));
        }
        if (engine.tapes().innermost() != null) {
            throw new IllegalStateException("append: a tape is open, and no gradient flows through rows that are kept;"
                    + " close the tape, or run all positions in one pass without a cache");
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("these rows are closed; make new ones");
        }
    }
}
