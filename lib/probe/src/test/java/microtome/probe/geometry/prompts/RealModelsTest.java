package microtome.probe.geometry.prompts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import microtome.model.LanguageModel;
import microtome.probe.BundledModel;
import microtome.probe.MiniLm;
import microtome.probe.data.prompt.Pairing;
import microtome.probe.data.prompt.PromptSet;
import microtome.probe.geometry.control.Control;
import org.junit.jupiter.api.Test;

/** Bundled prompts through the two real models. */
class RealModelsTest {
    private static final PromptSet CATEGORIES = PromptSet.bundled("categories").sample(8, 1);

    @Test
    void categoriesConvergeAgainstPermutedLabelsInBothModels() {
        for (LanguageModel model : List.of(BundledModel.get(), MiniLm.get())) {
            PromptGeometry plan = PromptGeometry.of(model, CATEGORIES);
            ConvergenceIndex.Values values = plan.convergence().values();
            int layers = model.config().blocks() + 1;
            assertThat(values.index()).hasSize(layers).doesNotContain(Double.NaN);
            assertThat(values.index()[layers / 2])
                    .isGreaterThan(values.permuted().high()[layers / 2]);
            double real = plan.curvature().values().mean()[0][layers / 2];
            assertThat(real).isBetween(0.0, Math.PI);
            assertThat(plan.similarity().mean().value())
                    .isGreaterThan(plan.under(Control.layerShuffle(1))
                            .similarity()
                            .mean()
                            .value());
        }
    }

    @Test
    void homographsAreReadAtOnePositionInBothModels() {
        for (LanguageModel model : List.of(BundledModel.get(), MiniLm.get())) {
            Bifurcation result =
                    PromptGeometry.of(model, PromptSet.bundled("homographs")).bifurcation();
            assertThat(result.values()).hasSize(30);
            for (Fork fork : result.values()) {
                assertThat(fork.base()).isPositive();
            }
            assertThat(result.test().rankBiserial())
                    .as("farther apart than controls")
                    .isPositive();
        }
    }

    /** Prompts of one token stand at position 0, on the massive activation, and are left out: there all look alike. */
    @Test
    void wordingsOfOneThingAreMoreAlikeThanThoseOfDifferentThings() {
        PromptSet bundled = PromptSet.bundled("variants");
        PromptSet variants = bundled.at(IntStream.range(0, bundled.size())
                .filter(prompt -> bundled.texts().get(prompt).contains(" "))
                .toArray());
        var pairs = new ArrayList<>(variants.pairs());
        for (Pairing pair : variants.pairs()) {
            int other = (pair.first() + variants.size() / 2) % variants.size();
            pairs.add(new Pairing(pair.first(), other, pair.name(), true));
        }
        var set = new PromptSet("variants with controls", variants.prompts(), pairs);
        double[][] cosines =
                PromptGeometry.of(BundledModel.get(), set).stability().values();
        int half = variants.pairs().size();
        for (int depth = 0; depth < 30; depth++) {
            double same = mean(cosines, 0, half, depth);
            assertThat(same).as("depth %d", depth).isGreaterThan(mean(cosines, half, pairs.size(), depth));
        }
    }

    private static double mean(double[][] rows, int from, int to, int column) {
        return IntStream.range(from, to)
                .mapToDouble(row -> rows[row][column])
                .average()
                .orElseThrow();
    }
}
