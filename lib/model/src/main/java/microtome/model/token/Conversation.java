package microtome.model.token;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import microtome.model.token.chat.ChatTemplate;
import microtome.model.token.chat.PythonText;
import microtome.model.token.definition.AddedTokens;
import microtome.model.token.engine.NativeTokenizer;

/**
 * A rendered chat template that knows which of its characters are the contents of messages. It is rendered twice, the
 * second time with a mark in place of every content; a text found by searching could be the template's own.
 */
final class Conversation {
    private static final String RULE = "tokenizer.chat_template";
    private static final SecureRandom RANDOM = new SecureRandom();

    /** Characters from a to b, as UTF-16 indices. */
    private record Span(int from, int to) {}

    /** A stretch that is encoded by itself: parsed for special tokens, or as it is. Starts at a code point. */
    record Part(String text, boolean parsed, int start) {}

    private final String text;
    private final List<Span> contents;
    private final boolean contentsAreKnown;
    private final int[] starts;

    private Conversation(String text, List<Span> contents, boolean contentsAreKnown) {
        this.text = text;
        this.contents = contents;
        this.contentsAreKnown = contentsAreKnown;
        this.starts = starts(text);
    }

    /** UTF-16 index of every code point, and of the end. */
    private static int[] starts(String text) {
        int[] starts = new int[text.codePointCount(0, text.length()) + 1];
        for (int codePoint = 0, index = 0; codePoint < starts.length; codePoint++) {
            starts[codePoint] = index;
            index += index < text.length() ? Character.charCount(text.codePointAt(index)) : 0;
        }
        return starts;
    }

    static Conversation render(String template, List<Message> messages, Map<String, ?> variables) {
        String text = ChatTemplate.render(template, turns(messages), variables);
        byte[] chance = new byte[Long.BYTES];
        RANDOM.nextBytes(chance);
        String mark = "mark" + HexFormat.of().formatHex(chance) + "x";
        List<Message> marked = new ArrayList<>();
        for (int index = 0; index < messages.size(); index++) {
            marked.add(new Message(messages.get(index).role(), mark + index + "x"));
        }
        String skeleton = ChatTemplate.render(template, turns(marked), variables);
        List<Span> spans = contents(text, Pattern.compile(mark + "(\\d+)x").matcher(skeleton), skeleton, messages);
        return new Conversation(text, spans == null ? List.of() : spans, spans != null);
    }

    private static List<Map<String, String>> turns(List<Message> messages) {
        List<Map<String, String>> turns = new ArrayList<>();
        for (Message message : messages) {
            Map<String, String> turn = new LinkedHashMap<>();
            turn.put("role", message.role());
            turn.put("content", message.content());
            turns.add(turn);
        }
        return turns;
    }

    /** Walks both renderings side by side; null where the template changed a content by more than trimming it. */
    private static List<Span> contents(String text, Matcher marks, String skeleton, List<Message> messages) {
        List<Span> found = new ArrayList<>();
        int at = 0;
        int from = 0;
        while (marks.find()) {
            String own = skeleton.substring(from, marks.start());
            String content = messages.get(Integer.parseInt(marks.group(1))).content();
            int begin = at + own.length();
            content = text.startsWith(content, begin) ? content : PythonText.strip(content);
            if (!text.startsWith(own, at) || !text.startsWith(content, begin)) {
                return null;
            }
            at = begin + content.length();
            found.add(new Span(begin, at));
            from = marks.end();
        }
        return text.substring(at).equals(skeleton.substring(from)) ? found : null;
    }

    String text() {
        return text;
    }

    /** One part, unless a content holds the text of a special token: then the template's own special tokens are apart. */
    List<Part> parts(AddedTokens added, List<Message> messages) {
        if (!contentsAreKnown) {
            messages.forEach(message -> requireNoSpecial(added, message));
        }
        List<AddedTokens.Occurrence> occurrences = added.occurrences(text);
        List<AddedTokens.Occurrence> own = occurrences.stream()
                .filter(found -> !touchesContent(found.from(), found.to()))
                .toList();
        if (own.size() == occurrences.size()) {
            return List.of(new Part(text, true, 0));
        }
        List<Part> parts = new ArrayList<>();
        int at = 0;
        for (AddedTokens.Occurrence occurrence : own) {
            addPlain(parts, at, occurrence.from());
            parts.add(new Part(occurrence.token().content(), true, codePoint(occurrence.from())));
            at = occurrence.to();
        }
        addPlain(parts, at, text.length());
        return parts;
    }

    private static void requireNoSpecial(AddedTokens added, Message message) {
        added.occurrences(message.content()).stream().findFirst().ifPresent(occurrence -> {
            throw new IllegalArgumentException(
                    "the special token '%s' is in a message, and this chat template rewrites messages, so that it cannot be kept as text; remove it from the message"
                            .formatted(occurrence.token().content()));
        });
    }

    private void addPlain(List<Part> parts, int from, int to) {
        if (from < to) {
            parts.add(new Part(text.substring(from, to), false, codePoint(from)));
        }
    }

    /** The rule of a token: the template, unless a content is in it. */
    String rule(Part part, NativeTokenizer.Found token) {
        int from = starts[part.start() + token.from()];
        int to = starts[part.start() + token.to()];
        return contentsAreKnown && !touchesContent(from, to) ? RULE : null;
    }

    private boolean touchesContent(int from, int to) {
        return contents.stream().anyMatch(span -> from < span.to && span.from < to);
    }

    private int codePoint(int index) {
        return text.codePointCount(0, index);
    }
}
