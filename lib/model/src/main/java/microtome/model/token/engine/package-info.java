/** The native tokenizers library of Hugging Face, called without the loader around it. */
package microtome.model.token.engine;
