package microtome.model;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import microtome.model.config.ModelConfig;
import microtome.model.config.Role;
import microtome.model.family.Family;
import microtome.model.family.Source;
import microtome.model.family.WeightNames;
import microtome.model.format.Gguf;
import microtome.model.format.Nearest;
import microtome.model.format.StoredTensor;
import microtome.model.format.WeightFile;

/**
 * A weight file, read with the names that its family gives to what is in it.
 *
 * @param numbers what becomes of a tensor when its numbers are wanted
 */
record FamilyFile(
        WeightFile weights, Family family, ModelConfig config, WeightNames names, UnaryOperator<StoredTensor> numbers) {

    FamilyFile(WeightFile weights, Family family, ModelConfig config) {
        this(
                weights,
                family,
                config,
                weights instanceof Gguf ? family.ggufNames(config) : family.huggingFaceNames(config),
                UnaryOperator.identity());
    }

    /** The same file with other numbers in its tensors. */
    FamilyFile numbers(UnaryOperator<StoredTensor> other) {
        return new FamilyFile(weights, family, config, names, other);
    }

    String path() {
        return weights.path().toString();
    }

    /** Whether rows of query and key stand in pairs that turn together. */
    boolean pairsRotaryRows() {
        return weights instanceof Gguf && family.ggufPairsRotaryRows();
    }

    Optional<Source> source(Role role) {
        return names.source(role);
    }

    /** Where a role is that every model of the family has. */
    Source required(Role role) {
        return source(role)
                .orElseThrow(() -> new IllegalStateException(
                        "family %s does not say where its %s is".formatted(config.family(), role)));
    }

    Optional<StoredTensor> find(Source source, int block) {
        return family.spellings(source.name(block)).stream()
                .filter(weights::has)
                .findFirst()
                .map(weights::tensor);
    }

    /** The tensor of a role that every model of the family has; an error with what was tried where there is none. */
    StoredTensor stored(Role role, int block) {
        Source source = required(role);
        return find(source, block).map(numbers).orElseThrow(() -> missing(role, source, block));
    }

    private IllegalArgumentException missing(Role role, Source source, int block) {
        List<String> tried =
                family.spellings(source.name(block)).stream().distinct().toList();
        String what = role.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return new IllegalArgumentException("%s: a model of family %s needs a tensor for its %s%s; there is no '%s'; %s"
                .formatted(
                        path(),
                        config.family(),
                        what,
                        source.name().contains("{n}") ? " in block " + block : "",
                        String.join("', '", tried),
                        Nearest.clause(tried.getFirst(), weights.names())));
    }

    /** Checks that there is an unembedding where the configuration says that the embedding is none. */
    void requireHead() {
        boolean own = config.hasLogits() && !config.tiedHead();
        if (own && find(required(Role.HEAD), 0).isEmpty()) {
            throw new IllegalArgumentException(
                    "%s: there is no tensor '%s' for the unembedding, and the configuration does not say that the embedding "
                                    .formatted(path(), required(Role.HEAD).name())
                            + "serves for it; if it does, write \"tie_word_embeddings\": true into config.json");
        }
    }
}
