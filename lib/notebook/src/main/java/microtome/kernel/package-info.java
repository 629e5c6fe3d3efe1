/**
 * Connects the library to notebook kernels: what a cell shows, progress lines, and the names a cell may use without an
 * import. One class per kernel, each touched only by its own kernel; nothing else knows that kernels exist.
 */
package microtome.kernel;
