package microtome.tensor.foreign;

import microtome.tensor.DType;
import microtome.tensor.Op;

/** The numbers that the header gives to types and kinds; a test compares the two. */
final class Codes {
    private Codes() {}

    static int of(DType type) {
        return switch (type) {
            case F32 -> 0;
            case F16 -> 1;
            case BF16 -> 2;
            case F64 -> 3;
            case I32 -> 4;
            case Q4_0 -> 16;
            case Q4_1 -> 17;
            case Q5_0 -> 18;
            case Q5_1 -> 19;
            case Q8_0 -> 20;
            case Q4_K -> 21;
            case Q5_K -> 22;
            case Q6_K -> 23;
        };
    }

    static int of(Op.Unary.Function function) {
        return switch (function) {
            case NEGATE -> 0;
            case ABS -> 1;
            case SIGN -> 2;
            case EXP -> 3;
            case LOG -> 4;
            case SQRT -> 5;
            case RECIPROCAL -> 6;
            case TANH -> 7;
            case ERF -> 8;
            case SIN -> 9;
            case COS -> 10;
            case SIGMOID -> 11;
        };
    }

    static int of(Op.Binary.Function function) {
        return switch (function) {
            case ADD -> 0;
            case SUBTRACT -> 1;
            case MULTIPLY -> 2;
            case DIVIDE -> 3;
            case MAXIMUM -> 4;
            case MINIMUM -> 5;
            case LESS -> 6;
        };
    }

    static int of(Op.SparseEncode.Choice choice) {
        return switch (choice) {
            case LARGEST -> 0;
            case ACTIVE -> 1;
        };
    }

    static int of(Op.IcaStep.Contrast contrast) {
        return switch (contrast) {
            case LOGCOSH -> 0;
            case GAUSSIAN -> 1;
            case CUBE -> 2;
        };
    }

    static int of(Op.Activation activation) {
        return switch (activation) {
            case SILU -> 0;
            case GELU_TANH -> 1;
            case GELU_ERF -> 2;
        };
    }

    static int of(Op.Reduce.Kind kind) {
        return switch (kind) {
            case SUM -> 0;
            case MAX -> 1;
            case LOGSUMEXP -> 2;
        };
    }
}
