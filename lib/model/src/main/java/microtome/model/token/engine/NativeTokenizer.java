package microtome.model.token.engine;

import ai.djl.huggingface.tokenizers.jni.CharSpan;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** One tokenizer of the native library. It is freed when nobody refers to it any more. */
public final class NativeTokenizer {
    private static final Cleaner CLEANER = Cleaner.create();

    /** A token in a text: code points {@code from} to {@code to}, none for those that the tokenizer's frame added. */
    public record Found(int id, String piece, boolean framed, int from, int to) {

        /** The same token under another id. */
        public Found numbered(int other) {
            return new Found(other, piece, framed, from, to);
        }

        /** The same token in a text that has so many code points more in front. */
        public Found behind(int codePoints) {
            return new Found(id, piece, framed, from + codePoints, to + codePoints);
        }

        /** Where it ends; of the bytes of a character the library gives a length to the last one only. */
        public int end() {
            return from == to && piece.startsWith("<0x") ? to + 1 : to;
        }
    }

    /** Ids of a text, and for each whether the tokenizer's own frame added it. */
    public record Encoded(int[] ids, boolean[] framed) {}

    private final TokenizersLibrary library;
    private final long handle;

    private NativeTokenizer(TokenizersLibrary library, long handle) {
        this.library = library;
        this.handle = handle;
    }

    /**
     * Makes a tokenizer from the text of a {@code tokenizer.json}.
     *
     * @throws IllegalArgumentException when the library does not accept it, with its reason
     */
    public static NativeTokenizer of(String json) {
        TokenizersLibrary functions = NativeLibrary.functions();
        long handle;
        try {
            handle = functions.createTokenizerFromString(json);
        } catch (RuntimeException refused) {
            throw new IllegalArgumentException(refused.getMessage(), refused);
        }
        NativeTokenizer tokenizer = new NativeTokenizer(functions, handle);
        CLEANER.register(tokenizer, () -> functions.deleteTokenizer(handle));
        functions.disablePadding(handle);
        functions.disableTruncation(handle);
        return tokenizer;
    }

    /** Ids of a text; with the frame, also the tokens that the tokenizer puts around every text. */
    public Encoded encode(String text, boolean frame) {
        long encoding = encoding(text, frame);
        try {
            return encoded(encoding);
        } finally {
            library.deleteEncoding(encoding);
            Reference.reachabilityFence(this);
        }
    }

    private long encoding(String text, boolean frame) {
        try {
            return library.encode(handle, text, frame);
        } catch (RuntimeException refused) {
            throw new IllegalArgumentException(
                    "this tokenizer cannot encode the text: " + refused.getMessage(), refused);
        }
    }

    private Encoded encoded(long encoding) {
        long[] ids = library.getTokenIds(encoding);
        long[] mask = library.getSpecialTokenMask(encoding);
        boolean[] framed = new boolean[ids.length];
        for (int index = 0; index < ids.length; index++) {
            framed[index] = mask[index] != 0;
        }
        return new Encoded(Arrays.stream(ids).mapToInt(Math::toIntExact).toArray(), framed);
    }

    /** Tokens of a text with their spelling and place. */
    public List<Found> find(String text, boolean frame) {
        long encoding = encoding(text, frame);
        try {
            Encoded encoded = encoded(encoding);
            String[] pieces = library.getTokens(encoding);
            CharSpan[] spans = library.getTokenCharSpans(encoding);
            List<Found> found = new ArrayList<>(pieces.length);
            for (int index = 0; index < pieces.length; index++) {
                CharSpan span = encoded.framed[index] ? null : spans[index];
                int from = span == null ? 0 : span.getStart();
                int to = span == null ? 0 : span.getEnd();
                found.add(new Found(encoded.ids[index], pieces[index], encoded.framed[index], from, to));
            }
            return found;
        } finally {
            library.deleteEncoding(encoding);
            Reference.reachabilityFence(this);
        }
    }

    /** The text of ids, special tokens included. */
    public String decode(int... ids) {
        try {
            return library.decode(handle, Arrays.stream(ids).asLongStream().toArray(), false);
        } finally {
            Reference.reachabilityFence(this);
        }
    }
}
