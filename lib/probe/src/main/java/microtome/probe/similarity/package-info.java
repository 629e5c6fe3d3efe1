/**
 * How alike layers are, of one model or of two: kernel alignment, canonical correlations and Procrustes between matrices
 * whose rows are the same inputs.
 */
package microtome.probe.similarity;
