/**
 * Models of the Hugging Face hub: their names, the cache that Python's library shares with us, and a download that goes
 * on where it was cut. Knows nothing of weights beyond the names of files.
 */
package microtome.model.store.hub;
