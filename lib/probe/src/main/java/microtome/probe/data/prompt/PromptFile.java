package microtome.probe.data.prompt;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The form in which bundled sets are written. First lines {@code key: value} with the keys {@code what}, {@code written},
 * {@code licence} and, at least once, {@code weakness}; a blank line; then a line per prompt, {@code label | group | text}, with
 * {@code -} for no group and the word to look at in braces. Prompts between a line {@code pair: name} or {@code control: name}
 * and the next blank line are pairs of each other. Lines that begin with {@code #} are for readers.
 */
final class PromptFile {
    private final String name;
    private final Map<String, String> header = new HashMap<>();
    private final List<String> weaknesses = new ArrayList<>();
    private final List<Prompt> prompts = new ArrayList<>();
    private final List<Pairing> pairs = new ArrayList<>();
    private final Set<String> texts = new HashSet<>();
    private boolean inHeader = true;
    private String block = "";
    private boolean isControl;
    private int blockStart;
    private int line;

    private PromptFile(String name) {
        this.name = name;
    }

    static PromptSet parse(String name, String text) {
        var file = new PromptFile(name);
        text.lines().forEach(file::line);
        file.endOfBlock();
        return file.set();
    }

    private PromptSet set() {
        for (String key : List.of("what", "written", "licence")) {
            if (!header.containsKey(key)) {
                throw problem("no line '%s: ...' before the first blank line".formatted(key));
            }
        }
        if (weaknesses.isEmpty()) {
            throw problem("no line 'weakness: ...' before the first blank line");
        }
        var source = new PromptSource(header.get("what"), header.get("written"), header.get("licence"), weaknesses);
        return new PromptSet(name, prompts, pairs, source);
    }

    private void line(String text) {
        line++;
        if (text.startsWith("#")) {
            return;
        }
        if (text.isBlank()) {
            inHeader = false;
            endOfBlock();
        } else if (inHeader) {
            header(text);
        } else if (text.startsWith("pair: ") || text.startsWith("control: ")) {
            startOfBlock(text);
        } else {
            prompt(text);
        }
    }

    private void header(String text) {
        int colon = text.indexOf(": ");
        String key = colon < 0 ? text : text.substring(0, colon);
        String value = colon < 0 ? "" : text.substring(colon + 2).strip();
        if (value.isEmpty()
                || !List.of("what", "written", "licence", "weakness").contains(key)) {
            throw problem(
                    "need 'what: ...', 'written: ...', 'licence: ...' or 'weakness: ...', not '%s'".formatted(text));
        }
        if (key.equals("weakness")) {
            weaknesses.add(value);
        } else if (header.put(key, value) != null) {
            throw problem("'%s' stands twice".formatted(key));
        }
    }

    private void startOfBlock(String text) {
        endOfBlock();
        isControl = text.startsWith("control: ");
        block = text.substring(text.indexOf(": ") + 2).strip();
        blockStart = prompts.size();
    }

    private void endOfBlock() {
        if (block.isEmpty()) {
            return;
        }
        if (prompts.size() - blockStart < 2) {
            throw problem("'%s' has %d prompts; a pair needs 2".formatted(block, prompts.size() - blockStart));
        }
        for (int first = blockStart; first < prompts.size(); first++) {
            for (int second = first + 1; second < prompts.size(); second++) {
                pairs.add(new Pairing(first, second, block, isControl));
            }
        }
        block = "";
    }

    private void prompt(String text) {
        String[] parts = text.split(" \\| ", -1);
        if (parts.length != 3 || parts[0].isBlank() || parts[1].isBlank()) {
            throw problem("need 'label | group | text', with - for no group, not '%s'".formatted(text));
        }
        int open = parts[2].indexOf('{');
        int close = parts[2].indexOf('}');
        String word = open >= 0 && close > open ? parts[2].substring(open + 1, close) : "";
        String plain = word.isEmpty() ? parts[2] : parts[2].replace("{" + word + "}", word);
        if (plain.contains("{") || plain.contains("}")) {
            throw problem("braces stand around one word, not as in '%s'".formatted(parts[2]));
        }
        if (!texts.add(plain)) {
            throw problem("the text '%s' stands twice".formatted(plain));
        }
        prompts.add(new Prompt(plain, parts[0].strip(), parts[1].strip().equals("-") ? "" : parts[1].strip(), word));
    }

    private IllegalArgumentException problem(String what) {
        return new IllegalArgumentException("prompt file '%s', line %d: %s".formatted(name, line, what));
    }
}
