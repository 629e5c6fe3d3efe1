/**
 * Weight files, mapped into memory and validated before a byte is used: GGUF, safetensors, arrays of NumPy, and the refusal
 * of pickles.
 * Readers hand out names, types and bytes; what the numbers mean is the business of the model families.
 */
package microtome.model.format;
