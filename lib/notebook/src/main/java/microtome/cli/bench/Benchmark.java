package microtome.cli.bench;

import java.util.List;

/** A headline job. */
interface Benchmark {
    /** Checks the result, then times; one result for every case. */
    List<Result> run();
}
