package microtome.cli.bench;

import java.util.function.DoubleSupplier;

/** One way to do the job of a benchmark. */
interface Contender {
    /** The name in the report. */
    String name();

    /** Does the job once and says how many seconds it took. */
    double seconds();

    /** A contender of this name. */
    static Contender of(String name, DoubleSupplier job) {
        return new Contender() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public double seconds() {
                return job.getAsDouble();
            }
        };
    }
}
