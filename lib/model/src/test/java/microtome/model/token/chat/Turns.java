package microtome.model.token.chat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import microtome.model.token.Message;

/** Messages as a template sees them. */
final class Turns {
    private Turns() {}

    static List<Map<String, String>> of(List<Message> messages) {
        List<Map<String, String>> turns = new ArrayList<>();
        for (Message message : messages) {
            Map<String, String> turn = new LinkedHashMap<>();
            turn.put("role", message.role());
            turn.put("content", message.content());
            turns.add(turn);
        }
        return turns;
    }
}
