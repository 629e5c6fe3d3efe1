/**
 * The tests of a backend, as a library: a backend's own tests extend one class per operation family and name the backend.
 * Expected values come from plain loops in here, tolerances from the element type and the number of terms.
 */
package microtome.tensor.conformance;
