package microtome.cli;

import microtome.model.LoadOptions;
import microtome.model.Weights;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options {@code --backend} and {@code --weights}. */
final class LoadingOptions {
    /** Without it the engine warns when the best backend it knows is missing. */
    @Option(
            names = "--backend",
            paramLabel = "B",
            defaultValue = "",
            description = "cpu, nd4j or reference; without it the best one that is available here.")
    private String backend;

    @Option(
            names = "--weights",
            paramLabel = "W",
            defaultValue = "f32",
            converter = Named.class,
            description =
                    "How weights lie in memory: f32, bf16, q8_0, q4_1 or as-stored (least memory). Default: ${DEFAULT-VALUE}.")
    private Weights weights;

    LoadOptions options() {
        return LoadOptions.DEFAULT.backend(backend).weights(weights);
    }

    private static final class Named implements ITypeConverter<Weights> {
        @Override
        public Weights convert(String name) {
            try {
                return Weights.named(name);
            } catch (IllegalArgumentException unknown) {
                throw new TypeConversionException(unknown.getMessage());
            }
        }
    }
}
