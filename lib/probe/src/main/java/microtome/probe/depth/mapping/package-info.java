/** Affine maps from the layers of one model to those of another, or to its own: which layer computes what which other does. */
package microtome.probe.depth.mapping;
