package microtome.probe.depth;

import java.util.Locale;
import microtome.probe.data.statistics.MannWhitney;

/** How scores and their tests are written. */
final class DepthScores {
    private DepthScores() {}

    static String number(double score) {
        return Double.isNaN(score) ? "no score" : String.format(Locale.ROOT, "%.2f", score);
    }

    static String sentence(String first, String second, DepthScore.Comparison comparison) {
        MannWhitney test = comparison.test();
        return Double.isNaN(test.p())
                ? "%s and %s: not compared, %s".formatted(first, second, test.reason())
                : String.format(
                        Locale.ROOT,
                        "%s and %s: two-sided p = %.3g (%.3g after Holm), rank-biserial %.2f (Mann-Whitney of the scores of single trials, %s)",
                        first,
                        second,
                        test.p(),
                        comparison.adjusted(),
                        test.rankBiserial(),
                        test.method().label());
    }
}
