/**
 * The geometric structure of layer updates: how much of what a block does to the residual stream is a map of each token on its
 * own, of one of six classes, and what the model's answer loses when a block is replaced by such a map.
 */
package microtome.probe.update;
