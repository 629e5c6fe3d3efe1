// Where the threads of a team run. A kernel may put a thread that is woken on the processor of the one that wakes it, and look
// for a better place only at its next tick, 4 to 10 ms later. A team that sleeps between pieces of work then shares one
// processor, and each piece waits for the other's time slice. So the first thread of a team stays where it is while it works,
// and the others keep off its processor: every wake-up goes to where the thread can begin at once. The first thread is free
// again when its caller waits, and for a moment every tenth of a second, so that a neighbour's work is evaded.
#ifndef MICROTOME_PLACEMENT_H
#define MICROTOME_PLACEMENT_H

namespace microtome {

enum : int { kAnywhere = -1 };

// Holds the calling thread, the first of a team of `team`, on its processor and gives that; kAnywhere where nobody can tell, or
// where this process may not use as many processors as the team has threads.
int settle(int team);

// Ends what `settle` began on the calling thread, if it did.
void roam();

// From now on the calling thread, which is not the first of its team, runs on any processor but this one. Does nothing for
// kAnywhere and for the processor of the last call.
void keep_off(int processor);

}  // namespace microtome

#endif
