/**
 * What the layers of a model already say, and until where its tokens are still read: lens agreement, residual erasure and
 * integrated gradients over depth.
 */
package microtome.probe.depth.reading;
