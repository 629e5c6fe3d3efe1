/**
 * Clusters that are found in vectors without their labels, and how well they agree with the labels.
 */
package microtome.probe.concept.cluster;
