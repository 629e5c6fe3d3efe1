package microtome.probe.geometry.prompts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import microtome.model.LanguageModel;
import microtome.probe.BundledModel;
import microtome.probe.MiniLm;
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
            System.out.println(result.table());
            System.out.println(result.explain());
        }
    }

    @Test
    void wordingsOfOneThingStayMoreAlikeThanControls() {
        Stability result = PromptGeometry.of(BundledModel.get(), PromptSet.bundled("variants"))
                .stability();
        System.out.println(result.table());
    }
}
