package microtome.model.format;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import microtome.tensor.DType;
import microtome.tensor.Shape;

/**
 * Every element type that a weight file may name. Those with a {@link DType} can be computed with; the others are known
 * by size, so that their file can be opened and their bytes read, and no more.
 */
public enum StoredType {
    F32(1, 4, 0),
    F16(1, 2, 1),
    BF16(1, 2, 30),
    F64(1, 8, 28),
    I8(1, 1, 24),
    I16(1, 2, 25),
    I32(1, 4, 26),
    I64(1, 8, 27),
    U8(1, 1),
    U16(1, 2),
    U32(1, 4),
    U64(1, 8),
    BOOL(1, 1),
    F8_E4M3(1, 1),
    F8_E5M2(1, 1),
    F8_E8M0(1, 1),
    F8_E4M3FNUZ(1, 1),
    F8_E5M2FNUZ(1, 1),
    F6_E2M3(4, 3),
    F6_E3M2(4, 3),
    F4(2, 1),
    C64(1, 8),
    Q4_0(32, 18, 2),
    Q4_1(32, 20, 3),
    Q5_0(32, 22, 6),
    Q5_1(32, 24, 7),
    Q8_0(32, 34, 8),
    Q2_K(256, 84, 10),
    Q3_K(256, 110, 11),
    Q4_K(256, 144, 12),
    Q5_K(256, 176, 13),
    Q6_K(256, 210, 14),
    IQ2_XXS(256, 66, 16),
    IQ2_XS(256, 74, 17),
    IQ3_XXS(256, 98, 18),
    IQ1_S(256, 50, 19),
    IQ4_NL(32, 18, 20),
    IQ3_S(256, 110, 21),
    IQ2_S(256, 82, 22),
    IQ4_XS(256, 136, 23),
    IQ1_M(256, 56, 29),
    TQ1_0(256, 54, 34),
    TQ2_0(256, 66, 35),
    MXFP4(32, 17, 39),
    NVFP4(64, 36, 40),
    Q1_0(128, 18, 41);

    private static final int NOT_IN_GGUF = -1;
    private static final StoredType[] ALL = values();

    private final int blockElements;
    private final int blockBytes;
    private final int ggufCode;

    StoredType(int blockElements, int blockBytes, int ggufCode) {
        this.blockElements = blockElements;
        this.blockBytes = blockBytes;
        this.ggufCode = ggufCode;
    }

    /** A type of safetensors only. */
    StoredType(int blockElements, int blockBytes) {
        this(blockElements, blockBytes, NOT_IN_GGUF);
    }

    /** Elements that share one block; 1 for plain types. */
    public int blockElements() {
        return blockElements;
    }

    /** Bytes of one block; the element size for plain types. */
    public int blockBytes() {
        return blockBytes;
    }

    /**
     * Bytes that a tensor takes.
     *
     * @throws ArithmeticException when they are more than 2^63, or the elements are not whole blocks
     */
    long bytes(Shape shape) {
        try {
            long elements = shape.elements();
            if (elements % blockElements == 0) {
                return Math.multiplyExact(elements / blockElements, (long) blockBytes);
            }
        } catch (ArithmeticException overflow) {
            throw new ArithmeticException("fewer than 2^63 bytes");
        }
        throw new ArithmeticException("whole blocks of %d elements for %s".formatted(blockElements, this));
    }

    private boolean isInSafetensors() {
        return blockElements == 1 || ggufCode == NOT_IN_GGUF;
    }

    /** The type of the tensor runtime, empty where the bytes can only be read raw. */
    public Optional<DType> dtype() {
        for (DType dtype : DType.values()) {
            if (dtype.name().equals(name())) {
                return Optional.of(dtype);
            }
        }
        return Optional.empty();
    }

    /** The stored type of the same name as a runtime type. */
    public static StoredType of(DType dtype) {
        return valueOf(dtype.name());
    }

    static Optional<StoredType> ofGgufCode(int code) {
        for (StoredType type : ALL) {
            if (type.ggufCode == code && code != NOT_IN_GGUF) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    static Optional<StoredType> ofSafetensorsName(String name) {
        for (StoredType type : ALL) {
            if (type.isInSafetensors() && type.name().equals(name)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    static String ggufCodes() {
        return list(type -> type.ggufCode != NOT_IN_GGUF, type -> type.ggufCode + " " + type);
    }

    static String safetensorsNames() {
        return list(StoredType::isInSafetensors, Enum::name);
    }

    static String computable() {
        return list(type -> type.dtype().isPresent(), Enum::name);
    }

    private static String list(Predicate<StoredType> wanted, Function<StoredType, String> text) {
        return Arrays.stream(ALL).filter(wanted).map(text).collect(Collectors.joining(", "));
    }
}
