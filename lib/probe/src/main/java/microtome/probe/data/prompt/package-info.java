/**
 * Prompts with labels and pairs, the bundled sets of them, and what a model's layers hold at the end of each prompt.
 */
package microtome.probe.data.prompt;
