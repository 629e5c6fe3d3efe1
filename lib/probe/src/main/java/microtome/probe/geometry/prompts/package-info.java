/**
 * The paths of many labelled prompts through the layers, compared: by class, by pairs, and under controls.
 * {@link microtome.probe.geometry.prompts.PromptGeometry} plans, its terminals compute.
 */
package microtome.probe.geometry.prompts;
