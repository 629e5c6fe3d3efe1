package microtome.model;

import java.util.List;
import microtome.model.config.ModelConfig;

/**
 * What a loaded model is and where it runs: facts for a reader, and the provenance of every result.
 *
 * @param name the name or path it was loaded by
 * @param source where its files are, and which commit of the hub they are
 * @param config dimensions
 * @param parameterCount number of weights by component, a tied head counted once
 * @param storage how the file stores them, such as {@code Q4_1 × 210, F32 × 61}
 * @param fileBytes bytes of the weight file
 * @param sha256 of the weight file, or empty when it was not computed
 * @param precision how it computes
 * @param weights how its weights lie in memory
 * @param weightBytes bytes of all weights in that form, in the mapped file or on the engine; a tied head counted once
 * @param device backend and processor
 * @param loadedBytes bytes on the engine; weights that stay in the mapped file do not count
 * @param loadSeconds from the call to a usable model
 * @param tokenizerRules what the tokenizer does to a text
 * @param parity what the numbers were compared with, and the bound; says so when nothing was compared
 * @param notes tensors with numbers that are NaN or infinite; better backends that are missing, and why
 */
public record ModelCard(
        String name,
        String source,
        ModelConfig config,
        ParameterCount parameterCount,
        String storage,
        long fileBytes,
        String sha256,
        Precision precision,
        Weights weights,
        long weightBytes,
        String device,
        long loadedBytes,
        double loadSeconds,
        List<String> tokenizerRules,
        String parity,
        List<String> notes) {
    public ModelCard {
        tokenizerRules = List.copyOf(tokenizerRules);
        notes = List.copyOf(notes);
    }

    /** The card of the same model with weights drawn anew. */
    ModelCard redrawn(long seed) {
        return new ModelCard(
                "%s, weights drawn anew with seed %d".formatted(name, seed),
                source,
                config,
                parameterCount,
                "F32, drawn with the moments of " + storage,
                fileBytes,
                "",
                precision,
                weights,
                weightBytes,
                device,
                loadedBytes,
                loadSeconds,
                tokenizerRules,
                "nothing to compare with: its weights are random",
                notes);
    }

    /** Number of weights, a tied head counted once. */
    public long parameters() {
        return parameterCount.total();
    }

    /** What the numbers depend on: the precision, and the form of the weights where it is another, as in {@code F32, weights bf16}. */
    public String computation() {
        boolean same = precision.name().equals(weights.name());
        return same ? precision.name() : "%s, weights %s".formatted(precision, weights.label());
    }
}
