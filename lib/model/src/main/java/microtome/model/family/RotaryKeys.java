package microtome.model.family;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import microtome.model.config.RotaryEmbedding;
import microtome.model.config.RotaryScaling;

/**
 * How a {@code config.json} says how queries and keys are rotated: in {@code rope_parameters} (newer files), or by a base of
 * its own and {@code rope_scaling} (older files, and where both are there).
 *
 * @param nested the object of newer files
 * @param defaultBase where the file gives none
 * @param old the keys of older files
 */
record RotaryKeys(Settings config, String nested, double defaultBase, Old old) {
    private static final double DEFAULT_BASE = 10_000;
    static final double YARN_FAST = 32;
    static final double YARN_SLOW = 1;
    private static final String OLD_SCALING = "rope_scaling";
    private static final String ORIGINAL = "original_max_position_embeddings";
    private static final String SHARE = "partial_rotary_factor";
    private static final String KNOWN = "default, linear, dynamic, yarn, longrope, llama3";

    /**
     * The keys of older files.
     *
     * @param base the base
     * @param scaling the object that says how frequencies were stretched; empty for never
     * @param share the part of a head that turns
     * @param defaultShare where the file gives none
     */
    record Old(String base, String scaling, String share, double defaultShare) {}

    static RotaryKeys usual(Settings config) {
        return new RotaryKeys(config, "rope_parameters", DEFAULT_BASE, new Old("rope_theta", OLD_SCALING, SHARE, 1));
    }

    /** The longest sequence: frequencies that are stretched while a model runs reach further than the context it names. */
    static int stretched(Settings config, int context) {
        RotaryKeys keys = usual(config);
        double reach = switch (keys.type()) {
            case "dynamic" -> keys.factor() * context;
            case "yarn" -> keys.yarnFactor() * keys.original();
            default -> context;
        };
        return (int) Math.max(context, reach);
    }

    RotaryEmbedding rotary(int headWidth) {
        double base = number("rope_theta").orElse(config.fraction(old.base(), defaultBase));
        double share = number(SHARE).orElse(config.fraction(old.share(), config.fraction(SHARE, old.defaultShare())));
        return new RotaryEmbedding(base, (int) (headWidth * share), scaling());
    }

    private RotaryScaling scaling() {
        return switch (type()) {
            case "default" -> new RotaryScaling.None();
            case "linear" -> new RotaryScaling.Linear(factor());
            case "dynamic" -> new RotaryScaling.Dynamic(factor(), (int) context());
            case "llama3" ->
                new RotaryScaling.Llama3(
                        factor(), required("low_freq_factor"), required("high_freq_factor"), original());
            case "yarn" -> numbers("long_factor").isEmpty() ? yarn() : byLength(); // as early files of Phi-3 call it
            case "longrope", "su" -> byLength();
            default -> throw unknownScaling(config, type(), KNOWN);
        };
    }

    static IllegalArgumentException unknownScaling(Settings config, String type, String known) {
        return new IllegalArgumentException(
                "%s: rotary scaling '%s' is not supported; known are %s".formatted(config.source(), type, known));
    }

    private RotaryScaling yarn() {
        double factor = yarnFactor();
        return new RotaryScaling.Yarn(
                factor,
                number("beta_fast").orElse(YARN_FAST),
                number("beta_slow").orElse(YARN_SLOW),
                original(),
                flag("truncate").orElse(true),
                number("attention_factor").orElse(yarnAmplitude(factor)));
    }

    /** By the scales of the DeepSeek models where both are given and neither is 0. */
    private double yarnAmplitude(double factor) {
        double scale = number("mscale").orElse(0);
        double ofAll = number("mscale_all_dim").orElse(0);
        boolean given = scale != 0 && ofAll != 0 && factor > 1;
        return given
                ? (0.1 * scale * Math.log(factor) + 1) / (0.1 * ofAll * Math.log(factor) + 1)
                : RotaryScaling.Yarn.usualAmplitude(factor);
    }

    private double yarnFactor() {
        return number("factor").orElse(context() / original());
    }

    private RotaryScaling byLength() {
        double factor = number("factor").orElse(context() / original());
        double amplitude = number("attention_factor").orElse(RotaryScaling.ByLength.usualAmplitude(factor, original()));
        return new RotaryScaling.ByLength(
                (int) original(),
                new RotaryScaling.Divisors(factors("short_factor"), amplitude),
                new RotaryScaling.Divisors(factors("long_factor"), amplitude));
    }

    private List<Double> factors(String key) {
        List<Double> factors = numbers(key);
        if (factors.isEmpty()) {
            throw missing(key);
        }
        return factors;
    }

    private double context() {
        return config.required("max_position_embeddings");
    }

    /** The context before it was stretched; what stands outside goes before what stands inside. */
    private double original() {
        return config.number(ORIGINAL).orElseGet(() -> number(ORIGINAL).orElseGet(this::context));
    }

    private double factor() {
        return required("factor");
    }

    private double required(String key) {
        return number(key).orElseThrow(() -> missing(key));
    }

    private IllegalArgumentException missing(String key) {
        return new IllegalArgumentException(
                "%s: rotary scaling '%s' needs the key '%s' beside its type".formatted(config.source(), type(), key));
    }

    private String type() {
        return objects()
                .flatMap(object -> Stream.of(object + ".rope_type", object + ".type"))
                .map(config::text)
                .flatMap(Optional::stream)
                .findFirst()
                .orElse("default");
    }

    private OptionalDouble number(String key) {
        return spellings(key)
                .map(config::number)
                .filter(OptionalDouble::isPresent)
                .findFirst()
                .orElse(OptionalDouble.empty());
    }

    private Optional<Boolean> flag(String key) {
        return spellings(key).map(config::flag).flatMap(Optional::stream).findFirst();
    }

    private List<Double> numbers(String key) {
        return spellings(key)
                .map(config::numbers)
                .filter(list -> !list.isEmpty())
                .findFirst()
                .orElse(List.of());
    }

    private Stream<String> spellings(String key) {
        return objects().map(object -> object + "." + key);
    }

    private Stream<String> objects() {
        return old.scaling().isEmpty() ? Stream.of(nested) : Stream.of(old.scaling(), nested);
    }
}
