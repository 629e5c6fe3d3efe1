package microtome.tensor.foreign;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/** Finds memory when the device has none left, on the engine's thread. */
final class Releases {
    private static final int COLLECTIONS = 3;
    private static final long PATIENCE_NANOS = 50_000_000; // after a collection, for the cleaner to do its work

    private final Queue<Command> queue;
    private long done;

    /** Over the queue of an engine, whose thread alone takes commands out. */
    Releases(Queue<Command> queue) {
        this.queue = queue;
    }

    /**
     * Gives memory back that no queued command needs: first what is in the queue to be released, then what the garbage
     * collector finds.
     *
     * @param drains how often that was tried for the command
     * @return whether trying again makes sense
     */
    boolean drain(Command needing, Session session, int drains) {
        EngineFunctions.trim(session.engine());
        if (drains == 0 && early(needing, session) > 0) {
            return true;
        }
        for (int collection = Math.max(0, drains - 1); collection < COLLECTIONS; collection++) {
            System.gc();
            LockSupport.parkNanos(PATIENCE_NANOS);
            if (early(needing, session) > 0) {
                return drains <= COLLECTIONS;
            }
        }
        return false;
    }

    /** Releases out of turn the buffers that no command before their release uses; how many. */
    private int early(Command needing, Session session) {
        Set<NativeBuffer> used = Collections.newSetFromMap(new IdentityHashMap<>());
        use(needing, used);
        int released = 0;
        for (var commands = queue.iterator(); commands.hasNext(); ) {
            var command = commands.next();
            boolean release = command.released() != null && !used.contains(command.released());
            if (release) {
                commands.remove();
                command.work().run(session);
                released++;
            } else {
                use(command, used);
            }
        }
        done += released;
        return released;
    }

    /** How many commands this has taken out of the queue. */
    long done() {
        return done;
    }

    private static void use(Command command, Set<NativeBuffer> used) {
        used.addAll(command.reads());
        if (command.writes() != null) {
            used.add(command.writes());
        }
    }
}
