package microtome.model.generate;

import java.util.List;

/** The text of a sequence so far, cut before the first stop string, and how much of it is certain to stay. */
final class GrowingText {
    private final List<String> stops;
    private final Characters characters = new Characters();
    private final StringBuilder text = new StringBuilder();
    private int told;
    private boolean stopped;

    /**
     * No text yet.
     *
     * @param before bytes of the prompt, of which the last may be the beginning of a character
     */
    GrowingText(List<String> stops, List<byte[]> before) {
        this.stops = stops;
        before.forEach(characters::append);
    }

    /** Adds what a token stands for, unless the text has stopped. */
    void append(byte[] bytes) {
        add(characters.append(bytes));
    }

    /** Nothing more will come. */
    void end() {
        if (!stopped) {
            add(characters.end());
        }
    }

    /** The stop string that is complete first ends the text, so that it does not matter where tokens begin. */
    private void add(String more) {
        int searched = text.length();
        text.append(more);
        int from = -1;
        int to = Integer.MAX_VALUE;
        for (String stop : stops) {
            int found = text.indexOf(stop, Math.max(told, searched - stop.length() + 1));
            int end = found + stop.length();
            if (found >= 0 && (end < to || end == to && found < from)) {
                from = found;
                to = end;
            }
        }
        if (from >= 0) {
            text.setLength(from);
            stopped = true;
        }
    }

    /** Whether a stop string was met. */
    boolean isStopped() {
        return stopped;
    }

    /** What nobody was told yet and is certain to stay; with {@code all}, everything. */
    String news(boolean all) {
        int certain = all || stopped ? text.length() : text.length() - beginningOfStop();
        String news = text.substring(told, Math.max(told, certain));
        told = Math.max(told, certain);
        return news;
    }

    /** How many of the last characters may be the beginning of a stop string. */
    private int beginningOfStop() {
        int longest = 0;
        for (String stop : stops) {
            for (int length = Math.min(stop.length() - 1, text.length()); length > longest; length--) {
                if (stop.substring(0, length).contentEquals(text.subSequence(text.length() - length, text.length()))) {
                    longest = length;
                }
            }
        }
        return longest;
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
