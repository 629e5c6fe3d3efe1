package microtome.cli.bench;

/** One way to do the job of a benchmark. */
interface Contender {
    /** The name in the report. */
    String name();

    /** Does the job once and says how many seconds it took. */
    double seconds();
}
