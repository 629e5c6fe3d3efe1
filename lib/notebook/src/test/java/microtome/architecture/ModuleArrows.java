package microtome.architecture;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.EnumSet;
import java.util.Set;

/** Which module a package belongs to, and which other modules a module may name. */
enum ModuleArrows {
    DISPLAY("microtome.display"),
    TENSOR_NATIVE("microtome.tensor.foreign"),
    TENSOR_CONFORMANCE("microtome.tensor.conformance"),
    TENSOR("microtome.tensor"),
    MODEL("microtome.model"),
    PROBE("microtome.probe"),
    NOTEBOOK("microtome");

    /** The longest prefix first, so that the first one that fits is right. */
    private final String prefix;

    ModuleArrows(String prefix) {
        this.prefix = prefix;
    }

    private Set<ModuleArrows> seen() {
        return switch (this) {
            case DISPLAY, TENSOR -> EnumSet.noneOf(ModuleArrows.class);
            case TENSOR_NATIVE, TENSOR_CONFORMANCE -> EnumSet.of(TENSOR);
            case MODEL -> EnumSet.of(TENSOR, DISPLAY);
            case PROBE -> EnumSet.of(MODEL, TENSOR, DISPLAY);
            case NOTEBOOK -> EnumSet.of(PROBE, MODEL, TENSOR, DISPLAY);
        };
    }

    private static ModuleArrows of(JavaClass type) {
        String name = type.getPackageName() + ".";
        for (ModuleArrows module : values()) {
            if (name.startsWith(module.prefix + ".")) {
                return module;
            }
        }
        throw new AssertionError(type + " lies in no module");
    }

    /** Every dependency of a class stays in its module or follows an arrow. */
    static ArchCondition<JavaClass> followed() {
        return new ArchCondition<>("follow the arrows between modules") {
            @Override
            public void check(JavaClass origin, ConditionEvents events) {
                for (Dependency dependency : origin.getDirectDependenciesFromSelf()) {
                    JavaClass target = dependency.getTargetClass().getBaseComponentType();
                    if (target.getPackageName().startsWith("microtome")) {
                        check(of(origin), of(target), dependency, events);
                    }
                }
            }

            private void check(ModuleArrows from, ModuleArrows to, Dependency dependency, ConditionEvents events) {
                if (from != to && !from.seen().contains(to)) {
                    events.add(SimpleConditionEvent.violated(
                            dependency, "%s may not see %s: %s".formatted(from, to, dependency.getDescription())));
                }
            }
        };
    }
}
