/**
 * Many texts through one model, from {@link CorpusHarvest}: documents, batches without waste, folds that never store
 * activations, and shards of activations on disk that a killed run goes on with.
 */
package microtome.model.corpus;
