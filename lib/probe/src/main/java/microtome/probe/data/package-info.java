/**
 * What every probe shares: the shape of a result, where its numbers come from, and how depths and positions are called.
 * Other packages of probes see this one and not each other.
 */
package microtome.probe.data;
