package microtome.model.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Small safetensors files to start from. */
final class SafetensorsSeeds {

    static final List<byte[]> ALL = List.of(
            whole(
                    "{\"__metadata__\":{\"format\":\"pt\"},\"first\":{\"dtype\":\"F32\",\"shape\":[2,3],"
                            + "\"data_offsets\":[0,24]},\"second\":{\"dtype\":\"I64\",\"shape\":[],\"data_offsets\":[24,32]}}  ",
                    32),
            whole("{\"third\":{\"dtype\":\"BF16\",\"shape\":[0,4],\"data_offsets\":[0,0]}}", 0));

    static byte[] whole(String header, int data) {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        byte[] content = new byte[Long.BYTES + text.length + data];
        System.arraycopy(text, 0, content, Long.BYTES, text.length);
        return withLength(content, text.length);
    }

    private static byte[] withLength(byte[] content, long length) {
        ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).putLong(0, length);
        return content;
    }

    /** The header ends where its last bracket is. */
    static byte[] withTrueLength(byte[] content) {
        int end = content.length;
        while (end > Long.BYTES && content[end - 1] != '}') {
            end--;
        }
        return end > Long.BYTES ? withLength(content, end - Long.BYTES) : content;
    }
}
