/**
 * Text to tokens and back, exactly as the model was trained: from {@code tokenizer.json} or from the metadata of a GGUF
 * file, through the native tokenizer of Hugging Face. Every token says which rule put it there.
 */
package microtome.model.token;
