package microtome.probe.data;

import java.util.List;
import java.util.Set;
import microtome.model.LanguageModel;
import microtome.model.Site;
import microtome.model.Tap;
import microtome.model.edit.RunPlan;
import microtome.model.token.TokenSequence;
import microtome.tensor.Tensor;

/** Reads the values of sites {@code [positions, width]} one after another while the model runs, so that none has to be kept. */
public final class ResidualStream {
    private ResidualStream() {}

    /** Takes the values of one site. */
    @FunctionalInterface
    public interface Reader {
        /**
         * Called once per site, in the order of computation.
         *
         * @param rows {@code [positions, width]} in row-major order, all finite; the reader's to keep
         */
        void read(Site site, float[] rows);
    }

    /**
     * Runs the tokens and hands over every value as it comes up; the run ends at the deepest site.
     *
     * @throws ArithmeticException if a value is not finite
     */
    public static void read(LanguageModel model, TokenSequence tokens, List<Site> sites, Reader reader) {
        read(RunPlan.of(model, tokens), sites, reader);
    }

    /**
     * Makes a run, with its edits, and hands over every value as it comes up; the run ends at the deepest site.
     *
     * @throws ArithmeticException if a value is not finite
     */
    public static void read(RunPlan run, List<Site> sites, Reader reader) {
        sites.forEach(site -> site.checkedFor(run.model().config()));
        var wanted = Set.copyOf(sites);
        run.run(new Tap() {
            @Override
            public boolean wants(Site site) {
                return wanted.contains(site);
            }

            @Override
            public Tensor at(Site site, Tensor value) {
                float[] rows = value.toFloats();
                checkFinite(site, rows, rows.length / run.tokens().size());
                reader.read(site, rows);
                return value;
            }
        });
    }

    private static void checkFinite(Site site, float[] rows, int width) {
        for (int i = 0; i < rows.length; i++) {
            if (!Float.isFinite(rows[i])) {
                throw new ArithmeticException(
                        "%s, position %d, element %d is %s: the model's values left the range of its number type; run it in F32, and check the weight file if it already does"
                                .formatted(site, i / width, i % width, rows[i]));
            }
        }
    }
}
