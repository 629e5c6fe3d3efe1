/**
 * What is kept of the rows of one site while a corpus runs through a model, instead of the rows: {@link Fold} and the ready
 * ones in {@link Folds}, and their results, which can be written to a file.
 */
package microtome.model.corpus.fold;
