package microtome.model.token.definition;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.BitSet;

/**
 * Notices when a byte-level tokenizer drops what it has no token for. Such vocabularies lack some bytes (SmolLM2 has none
 * for six control characters and for most of the unassigned planes), and the tokenizers library says nothing about it.
 */
public final class ByteCoverage {
    private final TokenizerDefinition.Entries entries;
    private BitSet missing;

    /** Of a vocabulary. */
    public ByteCoverage(TokenizerDefinition.Entries entries) {
        this.entries = entries;
    }

    /** Fails when the vocabulary lacks a byte of a text whose tokens are not all of it. */
    public void requireNothingLost(String text) {
        if (entries.pieces() == Pieces.BYTE_LEVEL) {
            requireBytes(text);
            requireBytes(Normalizer.normalize(text, Normalizer.Form.NFC));
        }
    }

    private void requireBytes(String text) {
        BitSet lacking = missing();
        for (int index = 0; index < text.length(); index = text.offsetByCodePoints(index, 1)) {
            int codePoint = text.codePointAt(index);
            for (byte value : Character.toString(codePoint).getBytes(StandardCharsets.UTF_8)) {
                if (lacking.get(value & 0xff)) {
                    throw new IllegalArgumentException(
                            "the text has U+%04X at index %d, which this model cannot read: its vocabulary has no token for the byte 0x%02X; remove or replace the character"
                                    .formatted(codePoint, index, value));
                }
            }
        }
    }

    private synchronized BitSet missing() {
        if (missing == null) {
            missing = new BitSet();
            for (int value = 0; value < 256; value++) {
                String piece = String.valueOf(ByteAlphabet.characterOf(value));
                missing.set(value, entries.vocabulary().id(piece).isEmpty());
            }
        }
        return missing;
    }
}
