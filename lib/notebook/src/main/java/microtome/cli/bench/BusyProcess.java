package microtome.cli.bench;

/** A process that keeps one processor busy until it is ended, or for a minute should nobody end it. */
final class BusyProcess {
    private static final long MOST_NANOS = 60_000_000_000L;

    private BusyProcess() {}

    public static void main(String[] arguments) {
        long began = System.nanoTime();
        System.out.println("busy");
        while (System.nanoTime() - began < MOST_NANOS) {
            Thread.onSpinWait();
        }
    }
}
