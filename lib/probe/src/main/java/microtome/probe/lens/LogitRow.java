package microtome.probe.lens;

import java.util.Arrays;

/** The logits of one depth and position, {@code [vocabulary]}. */
record LogitRow(float[] logits) {

    /** The largest logits in falling order, the lower id first among equals; NaN is never among them. */
    record Top(int[] ids, float[] logits) {}

    float at(int id) {
        return logits[id];
    }

    /** Selects in one pass: almost every logit fails against the smallest one kept so far. */
    Top top(int count) {
        var ids = new int[count];
        var best = new float[count];
        Arrays.fill(best, Float.NEGATIVE_INFINITY);
        Arrays.fill(ids, -1);
        int kept = 0;
        for (int id = 0; id < logits.length; id++) {
            float logit = logits[id];
            if (kept == count && !(logit > best[count - 1])) {
                continue;
            }
            if (!Float.isNaN(logit)) {
                insert(ids, best, kept, id, logit);
                kept = Math.min(count, kept + 1);
            }
        }
        return new Top(ids, best);
    }

    /** 1 for the largest logit; among equals the lower id ranks first. */
    int rank(int id) {
        float own = at(id);
        int rank = 1;
        for (int other = 0; other < logits.length; other++) {
            float logit = logits[other];
            rank += logit > own || (logit == own && other < id) ? 1 : 0;
        }
        return rank;
    }

    private static void insert(int[] ids, float[] best, int kept, int id, float logit) {
        int place = Math.min(kept, best.length - 1);
        while (place > 0 && best[place - 1] < logit) {
            best[place] = best[place - 1];
            ids[place] = ids[place - 1];
            place--;
        }
        best[place] = logit;
        ids[place] = id;
    }
}
