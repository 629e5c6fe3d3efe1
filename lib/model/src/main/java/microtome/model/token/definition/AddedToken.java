package microtome.model.token.definition;

/** A token that is cut out of a text before anything else looks at it; special ones only when asked. */
public record AddedToken(int id, String content, boolean special) {}
