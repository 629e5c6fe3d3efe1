/** Chat templates: Jinja as {@code transformers} renders it, with the methods of the texts of Python. */
package microtome.model.token.chat;
