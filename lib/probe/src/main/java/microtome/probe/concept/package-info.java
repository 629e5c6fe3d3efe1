/**
 * Concept depth: at which layer a labelled concept can be read linearly, and what moves that layer.
 */
package microtome.probe.concept;
