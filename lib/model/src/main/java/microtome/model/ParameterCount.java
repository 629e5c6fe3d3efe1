package microtome.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import microtome.model.config.Role;
import microtome.model.family.Source;
import microtome.model.format.StoredTensor;

/**
 * How many numbers a model has, by what they are for.
 *
 * @param byComponent embedding, attention, MLP, norms and unembedding, those that there are; a tied head is in the embedding
 * @param unused names of tensors of the file that the model does not compute with
 */
public record ParameterCount(Map<String, Long> byComponent, List<String> unused) {
    public ParameterCount {
        byComponent = Collections.unmodifiableMap(new LinkedHashMap<>(byComponent));
        unused = List.copyOf(unused);
    }

    /** All of them. */
    public long total() {
        return byComponent.values().stream().mapToLong(Long::longValue).sum();
    }

    static ParameterCount of(FamilyFile file) {
        var counts = new LinkedHashMap<String, Long>();
        var used = new HashSet<String>();
        for (Role role : Role.values()) {
            boolean tied = role == Role.HEAD
                    && (file.config().tiedHead() || !file.config().hasLogits());
            if (tied || file.source(role).isEmpty()) {
                continue;
            }
            Source source = file.source(role).get();
            int blocks = source.name().contains("{n}") ? file.config().blocks() : 1;
            for (int block = 0; block < blocks; block++) {
                file.find(source, block).ifPresent(stored -> {
                    used.add(stored.name());
                    counts.merge(component(role), elements(source.layout(), stored), Long::sum);
                });
            }
        }
        var unused = new ArrayList<>(file.weights().names());
        unused.removeAll(used);
        return new ParameterCount(counts, unused);
    }

    private static long elements(Source.Layout layout, StoredTensor stored) {
        long all = stored.shape().elements();
        return switch (layout) {
            case Source.Whole _ -> all;
            case Source.Rows rows -> all / stored.shape().extent(0) * rows.outputs();
            case Source.PartOfHeads heads -> all / heads.parts();
            case Source.Transposed columns -> stored.shape().extent(0) * columns.outputs();
        };
    }

    private static String component(Role role) {
        return switch (role) {
            case EMBEDDING, POSITION_EMBEDDING, TOKEN_TYPE_EMBEDDING -> "embedding";
            case QUERY, QUERY_BIAS, KEY, KEY_BIAS, VALUE, VALUE_BIAS -> "attention";
            case ATTENTION_PROJECTION, ATTENTION_PROJECTION_BIAS -> "attention";
            case GATE, GATE_BIAS, UP, UP_BIAS, DOWN, DOWN_BIAS -> "MLP";
            case EMBEDDING_NORM, EMBEDDING_NORM_BIAS, FINAL_NORM, FINAL_NORM_BIAS -> "norms";
            case ATTENTION_NORM, ATTENTION_NORM_BIAS, ATTENTION_POST_NORM, ATTENTION_POST_NORM_BIAS -> "norms";
            case MLP_NORM, MLP_NORM_BIAS, MLP_POST_NORM, MLP_POST_NORM_BIAS, QUERY_NORM, KEY_NORM -> "norms";
            case HEAD -> "unembedding";
        };
    }
}
