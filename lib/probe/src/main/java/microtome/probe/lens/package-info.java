/**
 * The logit lens: every depth of the residual stream read through the final norm and the unembedding, as if the model
 * stopped there. {@link microtome.probe.lens.LogitLens} plans, its terminals compute.
 */
package microtome.probe.lens;
