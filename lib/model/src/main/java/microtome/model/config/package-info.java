/** The dimensions of a model, its position embedding, and what its tensors are for. */
package microtome.model.config;
