/**
 * How linear probes are judged: splits, control tasks, accuracy and its kin, and the online code.
 */
package microtome.probe.concept.evaluation;
