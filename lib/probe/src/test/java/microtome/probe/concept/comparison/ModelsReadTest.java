package microtome.probe.concept.comparison;

import static org.assertj.core.api.Assertions.assertThat;

import microtome.model.LanguageModel;
import microtome.probe.BundledModel;
import microtome.probe.MiniLm;
import microtome.probe.concept.cluster.ClusterAgreement;
import microtome.probe.concept.cluster.ClusterOptions;
import microtome.probe.data.PositionRule;
import microtome.probe.data.RoundTrip;
import microtome.probe.data.prompt.PromptSet;
import microtome.probe.data.prompt.PromptStates;
import org.junit.jupiter.api.Test;

class ModelsReadTest {
    private static void readsCategories(LanguageModel model, String layer) {
        PromptSet set = PromptSet.bundled("categories");
        PromptStates states = PromptStates.read(model, set, PositionRule.LAST);
        var compared = RoundTrip.check(ClassifierComparison.of(states, ClassifierOptions.DEFAULT, layer));
        double[] accuracy = compared.values().accuracy()[0];
        double majority = accuracy[Classifier.MAJORITY.ordinal()];
        assertThat(accuracy[Classifier.LOGISTIC.ordinal()]).isGreaterThan(majority + 0.2);
        var clusters = RoundTrip.check(ClusterAgreement.of(states, ClusterOptions.DEFAULT.components(10)));
        assertThat(clusters.layerNames()).hasSize(model.config().blocks() + 1);
        assertThat(clusters.explain().facts()).containsKey("device");
    }

    @Test
    void aDecodersStatesAreReadAndClustered() {
        readsCategories(BundledModel.get(), "15");
    }

    @Test
    void anEncodersStatesAreReadAndClustered() {
        readsCategories(MiniLm.get(), "3");
    }
}
