/**
 * The headline benchmarks: whole jobs against other libraries, which take turns with ours in the same run. A result is
 * checked before it is timed.
 */
package microtome.cli.bench;
