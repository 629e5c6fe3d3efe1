/**
 * How a model uses its depth: what every block adds to the stream, and what becomes of later blocks and of the answer when
 * one is skipped.
 *
 * @see <a href="https://arxiv.org/abs/2505.13898">Csordás et al. 2025</a>
 */
package microtome.probe.depth;
