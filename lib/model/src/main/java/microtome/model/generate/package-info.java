/**
 * Texts that a model writes: one token after another over kept keys and values, greedily or by chance that repeats with its
 * seed, with taps at absolute positions, and with every internal value of prompt and written tokens on request.
 */
package microtome.model.generate;
