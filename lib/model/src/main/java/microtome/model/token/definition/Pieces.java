package microtome.model.token.definition;

import java.nio.charset.StandardCharsets;

/** How the entries of a vocabulary stand for bytes. */
public enum Pieces {
    /** One printable character for each byte, as GPT-2 has it: {@code Ġ} is a blank. */
    BYTE_LEVEL {
        @Override
        public byte[] bytes(String piece) {
            byte[] bytes = new byte[piece.length()];
            for (int index = 0; index < bytes.length; index++) {
                int value = ByteAlphabet.byteOf(piece.charAt(index));
                if (value < 0) {
                    return piece.getBytes(StandardCharsets.UTF_8);
                }
                bytes[index] = (byte) value;
            }
            return bytes;
        }

        @Override
        public String piece(String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            StringBuilder piece = new StringBuilder(bytes.length);
            for (byte value : bytes) {
                piece.append(ByteAlphabet.characterOf(value & 0xff));
            }
            return piece.toString();
        }
    },

    /** Text with {@code ▁} for a blank, and {@code <0x0A>} for a byte that has no character. */
    SENTENCE_PIECE {
        @Override
        public byte[] bytes(String piece) {
            if (piece.length() == 6 && piece.startsWith("<0x") && piece.charAt(5) == '>') {
                try {
                    return new byte[] {(byte) Integer.parseInt(piece.substring(3, 5), 16)};
                } catch (NumberFormatException notAByte) {
                    return piece.getBytes(StandardCharsets.UTF_8);
                }
            }
            return piece.replace(BLANK, ' ').getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public String piece(String text) {
            return text.replace(' ', BLANK);
        }
    },

    /** Words, with {@code ##} before a piece that continues one. */
    WORD_PIECE {
        @Override
        public byte[] bytes(String piece) {
            boolean continues = piece.startsWith(CONTINUES) && piece.length() > CONTINUES.length();
            return (continues ? piece.substring(CONTINUES.length()) : piece).getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public String piece(String text) {
            return text;
        }
    };

    private static final char BLANK = '\u2581';
    private static final String CONTINUES = "##";

    /** The bytes of UTF-8 that an entry stands for. */
    public abstract byte[] bytes(String piece);

    /** The entry that would stand for a text. */
    public abstract String piece(String text);
}
