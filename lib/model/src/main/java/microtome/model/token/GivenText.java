package microtome.model.token;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import microtome.model.token.engine.NativeTokenizer;

/** A text as it was given, its UTF-8, and where tokens lie in that. */
final class GivenText {
    private final String text;
    private final byte[] utf8;
    private int[] offsets;

    /** Fails when the text is not valid Unicode. */
    GivenText(String text) {
        requireUnicode(text);
        this.text = text;
        this.utf8 = text.getBytes(StandardCharsets.UTF_8);
    }

    static void requireUnicode(String text) {
        Objects.requireNonNull(text, "text");
        for (int index = 0; index < text.length(); index++) {
            char unit = text.charAt(index);
            if (!Character.isSurrogate(unit)) {
                continue;
            }
            boolean paired = Character.isHighSurrogate(unit)
                    && index + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(index + 1));
            if (!paired) {
                throw new IllegalArgumentException(
                        "the text has half a character, U+%04X, at index %d; a pair of surrogates must not be cut in two"
                                .formatted((int) unit, index));
            }
            index++;
        }
    }

    String text() {
        return text;
    }

    int length() {
        return utf8.length;
    }

    /**
     * The places of tokens whose bytes, one behind the other, are this text; null when they are not. A blank that a
     * tokenizer puts before a text or a part of it may be more than the text has.
     *
     * @param framing which tokens are around the text and not in it
     */
    List<Place> exactPlaces(List<Token> tokens, boolean[] framing) {
        List<Place> places = new ArrayList<>(tokens.size());
        int at = 0;
        for (int index = 0; index < framing.length; index++) {
            int length = framing[index] ? 0 : tokens.get(index).lengthAt(utf8, at);
            if (length < 0) {
                return null;
            }
            places.add(new Place(at, at + length));
            at += length;
        }
        return at == utf8.length ? places : null;
    }

    /** The places that the native library found, which knows whole characters only. */
    List<Place> places(List<NativeTokenizer.Found> found) {
        List<Place> places = new ArrayList<>(found.size());
        int at = 0;
        for (NativeTokenizer.Found token : found) {
            Place place = token.framed() ? new Place(at, at) : place(token.from(), token.end());
            places.add(place);
            at = place.to();
        }
        return places;
    }

    /** The place of code points {@code from} to {@code to}. */
    Place place(int from, int to) {
        int[] bytes = offsets();
        int begin = Math.min(from, bytes.length - 1);
        return new Place(bytes[begin], bytes[Math.clamp(to, begin, bytes.length - 1)]);
    }

    /** What lies at a place. */
    String at(Place place) {
        return new String(utf8, place.from(), place.length(), StandardCharsets.UTF_8);
    }

    /** The first byte of every code point, and the end. */
    private int[] offsets() {
        if (offsets == null) {
            offsets = new int[text.codePointCount(0, text.length()) + 1];
            int codePoint = 0;
            for (int at = 0; at < utf8.length; at++) {
                if ((utf8[at] & 0xc0) != 0x80) {
                    offsets[codePoint++] = at;
                }
            }
            offsets[codePoint] = utf8.length;
        }
        return offsets;
    }
}
