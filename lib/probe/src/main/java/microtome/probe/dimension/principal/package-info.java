/** The few directions along which states vary most, and the paths of prompts through the layers in that plane. */
package microtome.probe.dimension.principal;
