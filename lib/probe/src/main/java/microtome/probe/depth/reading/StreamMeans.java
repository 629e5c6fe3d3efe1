package microtome.probe.depth.reading;

import java.util.List;
import java.util.stream.IntStream;
import microtome.display.Progress;
import microtome.model.LanguageModel;
import microtome.model.Site;
import microtome.model.token.TokenSequence;
import microtome.probe.data.Copies;
import microtome.probe.data.ResidualStream;

/**
 * The mean of the residual stream at every depth, over positions of some texts: what stands for a token of which nothing is
 * known.
 *
 * @param means {@code [depths][width]}, the embedding output first
 * @param positions how many positions were averaged
 * @param source of what, in words
 */
public record StreamMeans(double[][] means, long positions, String source) {
    /** Ten texts of this project on different matters. */
    public static final List<String> TEXTS = List.of(
            "The river was low that summer, and children walked across it on the flat stones.",
            "To make the dough, mix flour, water and a little salt, then let it rest for an hour.",
            "Sales in the second quarter rose by four percent, mostly because of new customers abroad.",
            "If the pump does not start, check the fuse first and then the cable behind the panel.",
            "Nobody in the village remembered who had built the bridge, or when.",
            "Plants turn light into sugar; the energy is kept in bonds between carbon atoms.",
            "She closed the book, looked out of the window and said that she would rather walk.",
            "The committee will meet on Thursday to discuss the budget and the date of the election.",
            "A triangle with two equal sides has two equal angles.",
            "Trains to the coast leave every half hour, and the last one goes at eleven.");

    /** Checks that something was averaged. */
    public StreamMeans {
        if (positions < 1 || means.length < 1) {
            throw new IllegalArgumentException(
                    "means over %d positions at %d depths: need at least one of each; give texts that are not empty"
                            .formatted(positions, means.length));
        }
        means = Copies.of(means);
    }

    /** The means over texts, without the first position of each; a text of one token keeps it. */
    public static StreamMeans of(LanguageModel model, List<String> texts) {
        List<TokenSequence> prompts =
                texts.stream().map(model.tokenizer()::encode).toList();
        return of(model, prompts, false);
    }

    /**
     * The means over prompts.
     *
     * @param countFirst whether the first position of a prompt counts; it carries a massive activation in many models, which
     *     then decides the mean. That of a prompt of one token counts in any case
     * @throws IllegalArgumentException if there is no prompt, or an empty one
     * @throws ArithmeticException if a value is not finite; the message names the site
     */
    public static StreamMeans of(LanguageModel model, List<TokenSequence> prompts, boolean countFirst) {
        if (prompts.isEmpty()) {
            throw new IllegalArgumentException("means over no prompts; give at least one, ten are usual");
        }
        int depths = model.config().blocks() + 1;
        int width = model.config().width();
        var sums = new double[depths][width];
        long positions = 0;
        List<Site> sites = IntStream.range(0, depths).mapToObj(Site::residual).toList();
        try (var progress = Progress.of("means of the stream", prompts.size())) {
            for (TokenSequence prompt : prompts) {
                int first = countFirst || prompt.size() == 1 ? 0 : 1;
                ResidualStream.read(
                        model,
                        prompt.requireAtLeast(1, "a mean of the stream"),
                        sites,
                        (site, rows) -> add(sums[site.index()], rows, first));
                positions += prompt.size() - first;
                progress.step();
            }
        }
        for (double[] sum : sums) {
            for (int i = 0; i < width; i++) {
                sum[i] /= positions;
            }
        }
        String source = "%d prompts, %d positions%s"
                .formatted(prompts.size(), positions, countFirst ? "" : ", the first of each prompt left out");
        return new StreamMeans(sums, positions, source);
    }

    /** The mean at a depth, in single precision. */
    float[] at(int depth) {
        var row = new float[means[depth].length];
        for (int i = 0; i < row.length; i++) {
            row[i] = (float) means[depth][i];
        }
        return row;
    }

    private static void add(double[] sum, float[] rows, int first) {
        for (int i = first * sum.length; i < rows.length; i++) {
            sum[i % sum.length] += rows[i];
        }
    }
}
