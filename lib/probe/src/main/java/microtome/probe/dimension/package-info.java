/**
 * How many directions the states of a layer use: intrinsic dimension from distances to the nearest neighbours, effective
 * ranks from the variances of the principal components, and how much all states point the same way.
 */
package microtome.probe.dimension;
