package microtome.probe.similarity;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import microtome.model.Site;
import microtome.model.corpus.fold.Fold;
import microtome.model.corpus.fold.RowPlaces;
import microtome.probe.data.Depths;
import microtome.tensor.Engine;
import microtome.tensor.Tensor;

/**
 * Puts the rows that the folds of several sites are given one site after another together into batches of one size, in
 * which every site has the same rows, and hands each batch on. Never holds more than a batch and what one pass brings.
 */
final class RowBatches {
    private final List<Site> sites;
    private final int size;
    private final Consumer<List<Representation>> reader;
    private final float[][] pending;
    private final int[] widths;
    private int folds;
    private long seen;
    private long leftOut;

    /** @param size rows of a batch */
    RowBatches(List<Site> sites, int size, Consumer<List<Representation>> reader) {
        this.sites = List.copyOf(sites);
        this.size = size;
        this.reader = reader;
        this.pending = new float[sites.size()][0];
        this.widths = new int[sites.size()];
    }

    /** A fold for the next site; folds must be made, and fed, in the order of the sites. */
    Fold<Long> next() {
        return new OfSite(folds++);
    }

    /** Hands on what is left, if it is enough rows; called once, at the end. */
    void finish(int least) {
        int left = rows();
        if (left >= least) {
            handOn(left);
        } else {
            leftOut = left;
        }
    }

    /** Rows that were given, of each site. */
    long seen() {
        return seen;
    }

    /** Rows at the end that were too few for a batch. */
    long leftOut() {
        return leftOut;
    }

    private int rows() {
        return widths[0] == 0 ? 0 : pending[0].length / widths[0];
    }

    private void take(int site, Tensor rows, RowPlaces places) {
        float[] more = rows.toFloats();
        checkFinite(site, more, places);
        float[] before = pending[site];
        pending[site] = Arrays.copyOf(before, before.length + more.length);
        System.arraycopy(more, 0, pending[site], before.length, more.length);
        if (site == sites.size() - 1) {
            seen += places.rows();
            while (rows() >= size) {
                handOn(size);
            }
        }
    }

    private void handOn(int count) {
        var batch = new ArrayList<Representation>();
        for (int site = 0; site < pending.length; site++) {
            int taken = count * widths[site];
            batch.add(Representation.of(name(sites.get(site)), Arrays.copyOf(pending[site], taken), widths[site]));
            pending[site] = Arrays.copyOfRange(pending[site], taken, pending[site].length);
        }
        reader.accept(batch);
    }

    private void checkFinite(int site, float[] values, RowPlaces places) {
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                int row = i / widths[site];
                throw new ArithmeticException(
                        "%s, document %d, position %d, element %d is %s: the model's values left the range of its number type; run it in F32, and check the weight file if it already does"
                                .formatted(
                                        sites.get(site),
                                        places.documents()[row],
                                        places.positions()[row],
                                        i % widths[site],
                                        values[i]));
            }
        }
    }

    /** What a site is called beside others. */
    static String name(Site site) {
        return switch (site.kind()) {
            case RESIDUAL -> Depths.label(site.index());
            case FINAL_NORM -> Depths.FINAL_NORM;
            default -> site.name();
        };
    }

    private final class OfSite implements Fold<Long> {
        private final int site;

        OfSite(int site) {
            this.site = site;
        }

        @Override
        public void begin(Engine engine, int features) {
            widths[site] = features;
        }

        @Override
        public void accept(Tensor rows, RowPlaces places) {
            take(site, rows, places);
        }

        @Override
        public Long result() {
            return seen;
        }
    }
}
