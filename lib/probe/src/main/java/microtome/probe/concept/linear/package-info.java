/**
 * Linear probes on plain matrices: logistic regression solved to its one optimum, mass-mean, and discriminant analysis.
 */
package microtome.probe.concept.linear;
