/**
 * Text to tokens and back, exactly as the model was trained: {@link Tokenizer} reads {@code tokenizer.json} or the metadata
 * of a GGUF file ({@code definition}) through the native tokenizer of Hugging Face ({@code engine}), and conversations by
 * their template ({@code chat}). Every token says which rule put it there.
 */
package microtome.model.token;
