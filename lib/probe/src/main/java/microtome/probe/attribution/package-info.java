/**
 * Which parts of a model, and which tokens, make it prefer one answer: direct logit attribution, attribution patching and
 * integrated gradients.
 */
package microtome.probe.attribution;
