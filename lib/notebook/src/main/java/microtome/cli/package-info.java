/**
 * The command line for scripts, tests and readers without a notebook: {@code doctor}, {@code parity},
 * {@code activations} and {@code bench}. Exit status 0 is success, 1 a check that failed, 2 a wrong call or bad input.
 */
package microtome.cli;
