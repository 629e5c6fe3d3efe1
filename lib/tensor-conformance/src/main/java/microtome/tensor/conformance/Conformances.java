package microtome.tensor.conformance;

import java.util.Arrays;
import java.util.List;

/** The whole suite. A backend passes it when its test class holds a nested class for each of these. */
public final class Conformances {
    private static final List<Class<? extends BackendConformance>> ALL = List.of(
            CastConformance.class,
            MovementConformance.class,
            ElementwiseConformance.class,
            RowConformance.class,
            ProductConformance.class,
            AttentionConformance.class,
            BlockConformance.class,
            SelectionConformance.class,
            OperationConformance.class,
            SparseConformance.class,
            StatisticsConformance.class,
            GradientConformance.class,
            FusedGradientConformance.class,
            AdjointConformance.class,
            FailureConformance.class,
            LifetimeConformance.class);

    private Conformances() {}

    /** Every class of the suite. */
    public static List<Class<? extends BackendConformance>> all() {
        return ALL;
    }

    /** The classes of the suite that no nested class of a backend's test extends. */
    public static List<Class<? extends BackendConformance>> missingFrom(Class<?> test) {
        return ALL.stream()
                .filter(each -> Arrays.stream(test.getDeclaredClasses()).noneMatch(each::isAssignableFrom))
                .toList();
    }
}
