package microtome.model;

import java.util.List;
import java.util.Optional;
import microtome.model.config.ModelConfig;
import microtome.model.config.Role;
import microtome.model.family.Family;
import microtome.model.family.Source;
import microtome.model.family.WeightNames;
import microtome.model.format.Gguf;
import microtome.model.format.StoredTensor;
import microtome.model.format.WeightFile;

/** A weight file, read with the names that its family gives to what is in it. */
record FamilyFile(WeightFile weights, Family family, ModelConfig config, WeightNames names) {

    FamilyFile(WeightFile weights, Family family, ModelConfig config) {
        this(
                weights,
                family,
                config,
                weights instanceof Gguf ? family.ggufNames(config) : family.huggingFaceNames(config));
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

    /** The tensor; an error with the nearest names where there is none. */
    StoredTensor stored(Source source, int block) {
        List<String> spellings = family.spellings(source.name(block));
        return find(source, block).orElseGet(() -> weights.tensor(spellings.getFirst()));
    }
}
