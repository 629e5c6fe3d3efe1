package microtome.probe.concept.tribuo;

import com.oracle.labs.mlrg.olcut.provenance.ConfiguredObjectProvenance;
import com.oracle.labs.mlrg.olcut.provenance.PrimitiveProvenance;
import com.oracle.labs.mlrg.olcut.provenance.Provenance;
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
        return "%s, Tribuo %s".formatted(words(trainer), provenance.getTribuoVersion());
    }

    /** What it was trained with. */
    public static String data(ModelProvenance provenance) {
        DatasetProvenance data = provenance.getDatasetProvenance();
        return "%d examples, %d features, %d outputs"
                .formatted(data.getNumExamples(), data.getNumFeatures(), data.getNumOutputs());
    }

    private static String words(ConfiguredObjectProvenance provenance) {
        String settings = new TreeMap<>(provenance.getConfiguredParameters())
                .entrySet().stream()
                        .map(each -> "%s %s".formatted(each.getKey(), value(each.getValue())))
                        .collect(Collectors.joining(", "));
        String name = simple(provenance.getClassName());
        return settings.isEmpty() ? name : "%s(%s)".formatted(name, settings);
    }

    private static String value(Provenance provenance) {
        return switch (provenance) {
            case PrimitiveProvenance<?> number -> String.valueOf(number.getValue());
            case ConfiguredObjectProvenance part -> words(part);
            default -> "…";
        };
    }

    private static String simple(String className) {
        return className.substring(className.lastIndexOf('.') + 1);
    }
}
