/**
 * The door to Tribuo: rows become its examples, its provenance becomes a line, its log is silent. Only the packages beside this one
 * that compare classifiers and clusters go through it.
 */
package microtome.probe.concept.tribuo;
