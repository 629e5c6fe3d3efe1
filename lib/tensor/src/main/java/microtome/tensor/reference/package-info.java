/**
 * The naive backend: plain loops over doubles on the host, obvious enough to trust. It is the oracle of the conformance
 * suite, and what runs when nothing better is available.
 */
package microtome.tensor.reference;
