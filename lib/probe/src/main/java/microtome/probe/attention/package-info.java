/**
 * Attention patterns: where every head of a block looks. {@link microtome.probe.attention.AttentionPattern} plans, its
 * terminals compute.
 */
package microtome.probe.attention;
