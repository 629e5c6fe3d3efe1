/**
 * What a file says about its tokenizer, checked, and in the form that the native library takes: Gguf… reads the metadata of
 * a GGUF file, Json… a {@code tokenizer.json}, Vocabulary… the list of pieces beside which BERT keeps its settings; all of
 * them make a {@link TokenizerDefinition}.
 */
package microtome.model.token.definition;
