/**
 * Linear probes on plain matrices: logistic regression solved to its one optimum, mass-mean, discriminant analysis, the online
 * code, and how they are judged: splits, control tasks, accuracy and its kin.
 */
package microtome.probe.concept.linear;
