package microtome.model.token.chat;

import java.time.Clock;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;

/** The functions that transformers gives to chat templates. They are public to the engine only. */
final class TemplateFunctions {
    /** The clock of {@code strftime_now}, for tests; the machine's own unless bound. */
    static final ScopedValue<Clock> CLOCK = ScopedValue.newInstance();

    /** Patterns of Java for the letters of C's {@code strftime}, in English whatever the machine speaks. */
    private static final Map<Character, String> PATTERNS = Map.ofEntries(
            Map.entry('a', "EEE"),
            Map.entry('A', "EEEE"),
            Map.entry('b', "MMM"),
            Map.entry('B', "MMMM"),
            Map.entry('d', "dd"),
            Map.entry('H', "HH"),
            Map.entry('I', "hh"),
            Map.entry('j', "DDD"),
            Map.entry('m', "MM"),
            Map.entry('M', "mm"),
            Map.entry('p', "a"),
            Map.entry('S', "ss"),
            Map.entry('y', "yy"),
            Map.entry('Y', "yyyy"),
            Map.entry('F', "yyyy-MM-dd"),
            Map.entry('T', "HH:mm:ss"),
            Map.entry('D', "MM/dd/yy"),
            Map.entry('R', "HH:mm"));

    /** What a template says when it calls {@code raise_exception}. */
    static final class Refusal extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Refusal(String message) {
            super(message);
        }
    }

    private TemplateFunctions() {}

    /** {@code raise_exception(message)}. */
    static Object raise(String message) {
        throw new Refusal(message);
    }

    /** {@code strftime_now(format)}. */
    static String now(String format) {
        ZonedDateTime now = ZonedDateTime.now(CLOCK.orElse(Clock.systemDefaultZone()));
        StringBuilder text = new StringBuilder();
        for (int index = 0; index < format.length(); index++) {
            char letter = format.charAt(index);
            if (letter != '%' || index + 1 == format.length()) {
                text.append(letter);
                continue;
            }
            index++;
            boolean unpadded = format.charAt(index) == '-' && index + 1 < format.length();
            index += unpadded ? 1 : 0;
            String part = part(format.charAt(index), now);
            text.append(unpadded && part.startsWith("0") ? part.replaceFirst("^0+(?=.)", "") : part);
        }
        return text.toString();
    }

    private static String part(char letter, ZonedDateTime now) {
        if (letter == '%') {
            return "%";
        }
        String pattern = PATTERNS.get(letter);
        if (pattern == null) {
            throw new Refusal("strftime_now does not know %%%c".formatted(letter));
        }
        return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).format(now);
    }
}
