/**
 * Activation patching: what the answer to one prompt becomes when single values of another prompt's run are put into it.
 * {@link microtome.probe.patching.PromptPair} begins, {@link microtome.probe.patching.ActivationPatching} plans, its terminals
 * compute.
 */
package microtome.probe.patching;
