package microtome.model.config;

/** What a stored tensor is for. Families map their files' names onto these. */
public enum Role {
    EMBEDDING,
    ATTENTION_NORM,
    QUERY,
    KEY,
    VALUE,
    ATTENTION_PROJECTION,
    MLP_NORM,
    GATE,
    UP,
    DOWN,
    FINAL_NORM,
    HEAD
}
