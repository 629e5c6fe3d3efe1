package microtome.display;

import java.util.Map;

/** One state of a progress line, as text. */
record ProgressLine(String text, boolean finished) implements Displayable {
    @Override
    public Map<String, Object> mimeBundle() {
        return Map.of(MimeTypes.TEXT, text);
    }

    @Override
    public String plainText() {
        return text;
    }
}
