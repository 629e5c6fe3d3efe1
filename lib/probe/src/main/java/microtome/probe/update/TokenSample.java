package microtome.probe.update;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * A seeded sample of tokens with their rows at every depth: those with the smallest priorities of all that were offered, so it
 * does not depend on the order in which they came.
 */
final class TokenSample {
    private record Member(long priority, int slot) {}

    private final int capacity;
    private final float[][] rows;
    private final PriorityQueue<Member> members =
            new PriorityQueue<>(Comparator.comparingLong(Member::priority).reversed());
    private int[] slots = new int[0];
    private long offered;

    TokenSample(int capacity, int depths) {
        this.capacity = capacity;
        this.rows = new float[depths][0];
    }

    /** Tokens that were offered so far. */
    long offered() {
        return offered;
    }

    /** Tokens that are kept. */
    int size() {
        return members.size();
    }

    /**
     * Decides which rows of a batch are kept.
     *
     * @param candidates the rows of the batch that may be
     * @param priorities of each of them
     */
    void choose(int[] candidates, long[] priorities, int batchRows) {
        slots = new int[batchRows];
        Arrays.fill(slots, -1);
        var owner = new int[capacity];
        Arrays.fill(owner, -1);
        for (int i = 0; i < candidates.length; i++) {
            int slot = slotFor(priorities[i]);
            if (slot >= 0) {
                if (owner[slot] >= 0) {
                    slots[owner[slot]] = -1;
                }
                owner[slot] = candidates[i];
                slots[candidates[i]] = slot;
            }
        }
        offered += candidates.length;
    }

    private int slotFor(long priority) {
        if (members.size() < capacity) {
            members.add(new Member(priority, members.size()));
            return members.size() - 1;
        }
        if (priority >= members.peek().priority()) {
            return -1;
        }
        int slot = members.remove().slot();
        members.add(new Member(priority, slot));
        return slot;
    }

    /** Takes the chosen rows of the batch at one depth. */
    void put(int depth, float[] batch, int width) {
        int needed = size() * width;
        if (rows[depth].length < needed) {
            int most = capacity * width;
            rows[depth] = Arrays.copyOf(rows[depth], (int) Math.min(most, Math.max(needed, 2L * rows[depth].length)));
        }
        for (int row = 0; row < slots.length; row++) {
            if (slots[row] >= 0) {
                System.arraycopy(batch, row * width, rows[depth], slots[row] * width, width);
            }
        }
    }

    /** The rows at one depth, {@code [size, width]}, in the order of priorities; none where none were put. */
    float[] rows(int depth, int width) {
        if (rows[depth].length == 0) {
            return new float[0];
        }
        List<Member> ordered = new ArrayList<>(members);
        ordered.sort(Comparator.comparingLong(Member::priority));
        var result = new float[ordered.size() * width];
        for (int i = 0; i < ordered.size(); i++) {
            System.arraycopy(rows[depth], ordered.get(i).slot() * width, result, i * width, width);
        }
        return result;
    }
}
