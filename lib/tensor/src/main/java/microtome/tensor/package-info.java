/**
 * Tensors on an engine: values that are computed by a {@link microtome.tensor.Backend} and live in a
 * {@link microtome.tensor.Scope}. Every computation is an {@link microtome.tensor.Op} that goes through
 * {@link microtome.tensor.Engine#apply}.
 */
package microtome.tensor;
