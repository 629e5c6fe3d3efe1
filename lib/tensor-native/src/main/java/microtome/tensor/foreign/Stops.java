package microtome.tensor.foreign;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.function.Supplier;

/** Which operation to stop when a thread does not wait any longer. */
final class Stops {
    private Stops() {}

    /**
     * The first operation before the awaited one that this thread began and that the awaited one needs: its failure makes all
     * that depends on it fail, down to the awaited one. Others' operations, and ones that the thread did not wait for, go on.
     *
     * @param before what is running, and then the queue in front of the awaited command
     * @param awaited the command, or null when all work was waited for
     * @return null when there is none
     */
    static Command first(Deque<Command> before, Command awaited, Thread waiter) {
        Set<NativeBuffer> needed = Collections.newSetFromMap(new IdentityHashMap<>());
        boolean all = awaited == null || awaited.reads().isEmpty();
        if (!all) {
            needed.addAll(awaited.reads());
        }
        Command first = null;
        for (var backwards = before.descendingIterator(); backwards.hasNext(); ) {
            var command = backwards.next();
            if (command.writes() != null && (all || needed.contains(command.writes()))) {
                needed.addAll(command.reads());
                first = command.maybeStoppedBy(waiter) ? command : first;
            }
        }
        return first;
    }

    /** What is in front of a command. The engine's thread goes on meanwhile; what it has done by now may be in it. */
    static Deque<Command> before(Command awaited, Iterable<Command> queue, Supplier<Command> running) {
        var before = new ArrayDeque<Command>();
        var first = running.get();
        if (first == awaited && first != null) {
            return before;
        }
        for (var command : queue) {
            if (command == awaited) {
                break;
            }
            if (command != first) {
                before.add(command);
            }
        }
        // What left the queue since is running, or done.
        var second = running.get();
        if (second != null && second != first && second != before.peekFirst()) {
            before.addFirst(second);
        }
        if (first != null) {
            before.addFirst(first);
        }
        return before;
    }
}
