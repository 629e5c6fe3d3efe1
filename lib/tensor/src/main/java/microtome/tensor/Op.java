package microtome.tensor;

import java.util.List;
import java.util.Locale;

/**
 * Everything a backend can be asked to compute. An operation is a value; its inputs come beside it. Shape rule,
 * gradient rule and cost are each one exhaustive {@code switch} over this family, so that a new case lists what it lacks.
 */
public sealed interface Op {

    /** The word that error messages use for this operation: the name of the {@link Tensor}, {@link Layers} or {@link
     * AttentionParts} method. */
    default String label() {
        return switch (this) {
            case Fill _ -> "fill";
            case Cast _ -> "cast";
            case Reshape _ -> "reshape";
            case Permute _ -> "permute";
            case Broadcast _ -> "broadcast";
            case Slice _ -> "slice";
            case Concat _ -> "concat";
            case Pad _ -> "pad";
            case Gather _ -> "gather";
            case ScatterAdd _ -> "scatterAdd";
            case Where _ -> "where";
            case Unary(var function) -> function.name().toLowerCase(Locale.ROOT);
            case Binary(var function) -> function.label();
            case Reduce(var kind, int _) -> kind.label();
            case Softmax _ -> "softmax";
            case TopK _ -> "topK";
            case MatMul _ -> "matmul";
            case RmsNorm _ -> "rmsNorm";
            case Rotary _ -> "rotary";
            case Attention _ -> "attention";
            case AttentionPattern _ -> "pattern";
            case AttentionMix _ -> "mix";
            case GatedActivation _ -> "gatedActivation";
            case LayerNorm _ -> "layerNorm";
            case CrossEntropy _ -> "crossEntropy";
            case Gradient gradient -> "gradient of " + gradient.ofWhat();
            case Domain domain -> domain.word();
        };
    }

    // ---- Data movement ----

    /** One value everywhere; no inputs. */
    record Fill(double value, TensorType type) implements Op {}

    /** The same values in another type; block types are decoded. */
    record Cast(DType to) implements Op {}

    /** The same elements in another shape; never moves memory. */
    record Reshape(Shape to) implements Op {}

    /** Axis {@code i} of the result is axis {@code axes[i]} of the input. */
    record Permute(List<Integer> axes) implements Op {
        public Permute {
            axes = List.copyOf(axes);
        }
    }

    /** Repeats axes of extent 1 and adds leading axes until the shape is {@code to}. */
    record Broadcast(Shape to) implements Op {}

    /** Elements {@code from} (included) to {@code to} (excluded) of one axis. */
    record Slice(int axis, long from, long to) implements Op {}

    /** The inputs one after another along an axis. */
    record Concat(int axis) implements Op {}

    /** Rows of a table {@code [rows, width]} by I32 indices {@code [...]}: {@code [..., width]}. */
    record Gather() implements Op {}

    /** {@code before} and {@code after} more elements of one value at the two ends of an axis. */
    record Pad(int axis, long before, long after, double value) implements Op {}

    /**
     * A copy of a table {@code [rows, width]} to whose rows the rows of updates {@code [..., width]} are added, at I32
     * indices {@code [...]}, in their order; a row may be named often. Inputs table, indices, updates.
     */
    record ScatterAdd() implements Op {}

    // ---- Elementwise ----

    /** One function of one value. */
    record Unary(Function function) implements Op {
        /** The functions of one value. */
        public enum Function {
            NEGATE,
            ABS,
            SIGN,
            EXP,
            LOG,
            SQRT,
            RECIPROCAL,
            TANH,
            ERF,
            SIN,
            COS,
            SIGMOID
        }
    }

    /** One function of two values; shapes broadcast from the right as in NumPy. */
    record Binary(Function function) implements Op {
        /** The functions of two values; {@code LESS} gives 1 or 0. */
        public enum Function {
            ADD("plus"),
            SUBTRACT("minus"),
            MULTIPLY("times"),
            DIVIDE("dividedBy"),
            MAXIMUM("maximum"),
            MINIMUM("minimum"),
            LESS("less");

            private final String label;

            Function(String label) {
                this.label = label;
            }

            String label() {
                return label;
            }
        }
    }

    /** The first choice where a condition is not zero, else the second; inputs condition, first, second, which broadcast. */
    record Where() implements Op {}

    // ---- Along an axis ----

    /** One value per row of an axis, which stays with extent 1. */
    record Reduce(Kind kind, int axis) implements Op {
        /** What a row becomes. */
        public enum Kind {
            SUM("sum"),
            MAX("max"),
            LOGSUMEXP("logSumExp");

            private final String label;

            Kind(String label) {
                this.label = label;
            }

            String label() {
                return label;
            }
        }
    }

    /** {@code exp(x - max) / sum} along an axis. */
    record Softmax(int axis) implements Op {}

    /**
     * I32 places {@code [..., count]} of the largest values of the last axis, largest first; among equals the lowest place,
     * and NaN counts as larger than everything. The values follow by {@link Tensor#takeAlong}.
     */
    record TopK(int count) implements Op {}

    // ---- Products ----

    /**
     * {@code left [..., m, k] x right [..., k, n]} (or {@code [..., n, k]} when transposed, the way weights are stored),
     * plus an optional third input: a bias {@code [n]} or an addend of the result's shape.
     */
    record MatMul(boolean transposeRight, DType output) implements Op {}

    // ---- Fused; each has a decomposition into the operations above ----

    /** {@code x * gain / sqrt(mean(x^2) + epsilon)} over the last axis; inputs x {@code [..., width]}, gain {@code [width]}. */
    record RmsNorm(float epsilon, DType output) implements Op {}

    /**
     * Rotates the two halves of every head; inputs x {@code [sequences, positions, heads * headWidth]}, cosine and sine
     * {@code [positions, headWidth / 2]}.
     */
    record Rotary(int heads) implements Op {}

    /**
     * Grouped-query attention; inputs query {@code [sequences, queries, heads * headWidth]}, key and value
     * {@code [sequences, keys, keyValueHeads * headWidth]}. Query {@code i} stands at position {@code keys - queries + i}.
     */
    record Attention(int heads, int keyValueHeads, float scale, boolean causal) implements Op {}

    /**
     * The pattern of {@link Attention}: {@code softmax(scale * query keyᵀ)}, 0 where causality hides a key, in F32 (F64 for
     * F64) {@code [sequences, heads, queries, keys]}; inputs query and key as there.
     */
    record AttentionPattern(int heads, int keyValueHeads, float scale, boolean causal) implements Op {}

    /**
     * Values weighted by a pattern, causal or not, as {@link Attention} gives them; inputs pattern
     * {@code [sequences, heads, queries, keys]} and value {@code [sequences, keys, keyValueHeads * headWidth]}.
     */
    record AttentionMix(int keyValueHeads) implements Op {}

    /** {@code activation(gate) * up}; inputs gate and up of one shape. */
    record GatedActivation(Activation activation, DType output) implements Op {}

    /**
     * {@code (x - mean) * gain / sqrt(variance + epsilon) + bias} over the last axis; inputs x {@code [..., width]}, gain
     * and bias {@code [width]}.
     */
    record LayerNorm(float epsilon, DType output) implements Op {}

    /**
     * {@code -log softmax(logits)[target]} of every row, in F32 (F64 for F64); inputs logits {@code [..., classes]}, I32
     * targets {@code [...]}.
     */
    record CrossEntropy() implements Op {}

    // ---- Gradients that one pass over memory computes; each has a decomposition as well, and a gradient by that ----

    /**
     * The gradient of an operation with respect to its inputs. The last input is the upstream; it may have more axes in
     * front than the result that it belongs to, which are a batch of gradients over the same stored values. Results are F32,
     * or F64 when an input is.
     */
    sealed interface Gradient extends Op {

        /** The label of the operation that this belongs to. */
        default String ofWhat() {
            return switch (this) {
                case OfSoftmax _ -> "softmax";
                case OfRmsNorm _ -> "rmsNorm";
                case OfLayerNorm _ -> "layerNorm";
                case OfGatedActivation _ -> "gatedActivation";
                case OfAttention _ -> "attention";
                case OfCrossEntropy _ -> "crossEntropy";
            };
        }

        /** {@code y (u - sum(y u))} over the last axis; inputs the softmax y and the upstream u. */
        record OfSoftmax() implements Gradient {}

        /** Of x in {@link RmsNorm}; inputs x, gain, upstream. */
        record OfRmsNorm(float epsilon) implements Gradient {}

        /** Of x in {@link LayerNorm}; inputs x, gain, upstream. */
        record OfLayerNorm(float epsilon) implements Gradient {}

        /** Of gate and up in {@link GatedActivation}, {@code [2, ...]}; inputs gate, up, upstream. */
        record OfGatedActivation(Activation activation) implements Gradient {}

        /**
         * Of query, key and value in {@link Attention}, all elements of the one after all of the other; inputs query, key,
         * value, upstream.
         */
        record OfAttention(int heads, int keyValueHeads, float scale, boolean causal) implements Gradient {}

        /** Of the logits in {@link CrossEntropy}; inputs logits, targets, upstream. */
        record OfCrossEntropy() implements Gradient {}
    }

    // ---- What this field lives on; each has a decomposition too, but one that needs far more memory ----

    /** Fused operations of probes: dictionaries, components, statistics, examples. */
    sealed interface Domain extends Op {
        /** As {@link Op#label}. */
        default String word() {
            return switch (this) {
                case SparseEncode _ -> "sparseEncode";
                case IcaStep _ -> "icaStep";
                case UpdateMoments _ -> "moments";
                case Cosine _ -> "cosine";
                case UpdateExamples _ -> "examples";
            };
        }
    }

    /**
     * The few features of every token that an encoder switches on; see {@link SparseEncoder}. Inputs x
     * {@code [tokens, width]}, weight {@code [features, width]}, bias {@code [features]}, and a threshold
     * {@code [features]} that active features may have. The result {@code [2, tokens, slots]} holds places, then values,
     * in F32 (F64 for F64).
     */
    record SparseEncode(Choice choice, int slots) implements Domain {
        /** Which features are kept. */
        public enum Choice {
            /** The largest, largest first, with negative ones set to 0. */
            LARGEST,
            /** Those above 0 and above their threshold, lowest first; unused slots are place 0 with value 0. */
            ACTIVE
        }
    }

    /**
     * The sums of one fixed-point step of independent component analysis; see {@link Statistics#icaStep}. Inputs whitened
     * samples {@code [samples, inputs]} and unmixing rows {@code [components, inputs]}; the result
     * {@code [components, inputs + 1]} holds mean g(y) z, and mean g'(y) in its last column, in F32 (F64 for F64).
     */
    record IcaStep(Contrast contrast, float alpha) implements Domain {
        /** The function g whose integral measures how far from Gaussian a component is. */
        public enum Contrast {
            /** {@code tanh(alpha u)}, of {@code log cosh(alpha u) / alpha}; a good first choice. */
            LOGCOSH,
            /** {@code u exp(-u^2 / 2)}, of {@code -exp(-u^2 / 2)}, for heavy tails; the Python library says "exp". */
            GAUSSIAN,
            /** {@code u^3}, of {@code u^4 / 4}: kurtosis. */
            CUBE
        }
    }

    /**
     * Takes rows {@code [rows, width]} into running moments; see {@link Moments}. Inputs state and rows; state and result
     * F64 {@code [width + 1, width + 1]}: the count, the means beside it, and below the means the sums of products of
     * centred columns, with 0 in front of each.
     */
    record UpdateMoments() implements Domain {}

    /**
     * {@code x_i y_j / (|x_i| |y_j|)}, 0 where a row is 0, in F32 (F64 for F64); inputs x {@code [rows, width]}, y
     * {@code [columns, width]} of one type.
     */
    record Cosine() implements Domain {}

    /**
     * Takes rows of activations {@code [rows, features]} into the examples that excite every feature most; see
     * {@link Examples}. Row r is example {@code first + r}. Inputs state and activations; state and result F64
     * {@code [2, features, slots]}: activations, largest first, then example numbers; unused slots are -infinity and -1.
     */
    record UpdateExamples(long first) implements Domain {}

    /** The activations of gated blocks. */
    enum Activation {
        SILU,
        GELU_TANH,
        GELU_ERF
    }
}
