/** Where the texts of a corpus come from: {@link Documents} of texts, tokens, files and streams, read one at a time. */
package microtome.model.corpus.document;
