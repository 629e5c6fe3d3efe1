package microtome.probe.concept.tribuo;

import com.oracle.labs.mlrg.olcut.provenance.PrimitiveProvenance;
import com.oracle.labs.mlrg.olcut.provenance.Provenance;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.tribuo.provenance.DatasetProvenance;
import org.tribuo.provenance.ModelProvenance;
import org.tribuo.provenance.TrainerProvenance;

/** Tribuo's provenance in a line: trainer with its settings, and data; without times, so that the same work says the same. */
public final class ShortProvenance {
    private ShortProvenance() {}

    /** Who trained, and how. */
    public static String trainer(ModelProvenance provenance) {
        TrainerProvenance trainer = provenance.getTrainerProvenance();
        return "%s(%s), Tribuo %s"
                .formatted(
                        simple(trainer.getClassName()),
                        settings(trainer.getConfiguredParameters()),
                        provenance.getTribuoVersion());
    }

    /** What it was trained with. */
    public static String data(ModelProvenance provenance) {
        DatasetProvenance data = provenance.getDatasetProvenance();
        return "%d examples, %d features, %d outputs"
                .formatted(data.getNumExamples(), data.getNumFeatures(), data.getNumOutputs());
    }

    private static String settings(Map<String, Provenance> parameters) {
        return new TreeMap<>(parameters)
                .entrySet().stream()
                        .filter(each -> each.getValue() instanceof PrimitiveProvenance<?>)
                        .map(each ->
                                "%s %s".formatted(each.getKey(), ((PrimitiveProvenance<?>) each.getValue()).getValue()))
                        .collect(Collectors.joining(", "));
    }

    private static String simple(String className) {
        return className.substring(className.lastIndexOf('.') + 1);
    }
}
