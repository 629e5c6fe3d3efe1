/**
 * Linear and other classifiers of the same vectors, beside each other: what a label costs to read.
 */
package microtome.probe.concept.comparison;
