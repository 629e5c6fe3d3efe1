/** Finds models by name or path on this machine, checks them against their known sums, and knows where caches go. */
package microtome.model.store;
