/**
 * The front: the few types that a notebook cell holds. A table of contents without logic; every method is one line that
 * calls a probe.
 */
package microtome;
