/**
 * The native runtime behind the backend interface: its library is found and linked by the foreign function interface, and
 * its work runs on one thread per engine, fed by a queue.
 */
package microtome.tensor.foreign;
