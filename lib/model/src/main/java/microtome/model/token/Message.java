package microtome.model.token;

import java.util.Objects;

/** One turn of a conversation; roles are those of the model's template, usually system, user and assistant. */
public record Message(String role, String content) {

    /** Both are needed. */
    public Message {
        Objects.requireNonNull(role, "role");
        Objects.requireNonNull(content, "content");
        if (role.isBlank()) {
            throw new IllegalArgumentException("a message needs a role, usually 'system', 'user' or 'assistant'");
        }
    }

    /** What the user says. */
    public static Message user(String content) {
        return new Message("user", content);
    }

    /** What the model is told to be. */
    public static Message system(String content) {
        return new Message("system", content);
    }

    /** What the model said. */
    public static Message assistant(String content) {
        return new Message("assistant", content);
    }
}
