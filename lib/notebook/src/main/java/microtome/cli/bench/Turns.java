package microtome.cli.bench;

import java.util.ArrayList;
import java.util.List;

/** Times contenders that take turns, so that whatever else the machine does meets all of them alike. */
record Turns(double warmUpSeconds, int warmUps, int rounds) {
    /** So long after its work a library's threads no longer spin and the next contender has the processor to itself. */
    private static final int PAUSE_MILLISECONDS = 100;

    /** Without rounds that only one contender has to itself. */
    Turns(int warmUps, int rounds) {
        this(0, warmUps, rounds);
    }

    Turns {
        if (warmUps < 0 || rounds < 1) {
            throw new IllegalArgumentException(
                    "%d warm-ups and %d rounds; need at least 0 and 1".formatted(warmUps, rounds));
        }
    }

    /** The timings of each contender, in the order given; every second round goes backwards. */
    List<Timings> take(List<Contender> contenders) {
        contenders.forEach(this::warmUp);
        var seconds = new double[contenders.size()][rounds];
        for (int round = -warmUps; round < rounds; round++) {
            for (int turn = 0; turn < contenders.size(); turn++) {
                int who = round % 2 == 0 ? turn : contenders.size() - 1 - turn;
                pause();
                double taken = contenders.get(who).seconds();
                if (round >= 0) {
                    seconds[who][round] = taken;
                }
            }
        }
        var timings = new ArrayList<Timings>();
        for (int who = 0; who < contenders.size(); who++) {
            timings.add(new Timings(contenders.get(who).name(), seconds[who]));
        }
        return timings;
    }

    private void warmUp(Contender contender) {
        long began = System.nanoTime();
        while (System.nanoTime() - began < warmUpSeconds * 1e9) {
            contender.seconds();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLISECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the benchmark was stopped", stopped);
        }
    }
}
