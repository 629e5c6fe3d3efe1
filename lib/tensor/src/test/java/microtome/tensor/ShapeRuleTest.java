package microtome.tensor;

import static microtome.tensor.DType.BF16;
import static microtome.tensor.DType.F32;
import static microtome.tensor.DType.I32;
import static microtome.tensor.DType.Q4_0;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ShapeRuleTest {
    private static final Op.Attention ATTENTION = new Op.Attention(4, 2, 1, true);
    private static final Op.AttentionPattern PATTERN = new Op.AttentionPattern(4, 2, 1, true);

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("refusals")
    void saysWhatWasGivenAndWhatIsAllowed(Op op, List<TensorType> inputs, String message) {
        assertThatThrownBy(() -> ShapeRule.output(op, inputs))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    static List<Arguments> refusals() {
        return List.of(
                refused(
                        new Op.LayerNorm(1e-5f, F32),
                        "layerNorm: gain [3] and bias [2] for [2, 3]; both must be [3]",
                        f32(2, 3),
                        f32(3),
                        f32(2)),
                refused(
                        new Op.CrossEntropy(),
                        "crossEntropy: targets [3] for logits [2, 3]; they must be [2]",
                        f32(2, 3),
                        TensorType.of(DType.I32, 3)),
                refused(
                        new Op.CrossEntropy(),
                        "crossEntropy: the indices are F32 [2]; make them with engine.indices(...) or cast to I32",
                        f32(2, 3),
                        f32(2)),
                refused(
                        new Op.ScatterAdd(),
                        "scatterAdd: the table is F32 [3]; it must be [rows, width] of a floating type or I32",
                        f32(3),
                        TensorType.of(DType.I32, 2),
                        f32(2, 3)),
                refused(
                        new Op.Where(),
                        "where: shapes [2] and [3] do not fit; aligned at the last axis, extents must be equal or 1",
                        f32(3),
                        f32(2),
                        f32(3)),
                refused(new Op.Softmax(2), "softmax: axis 2 does not exist in [3, 7]; valid axes are 0..1", f32(3, 7)),
                refused(
                        new Op.Reduce(Op.Reduce.Kind.SUM, -3),
                        "sum: axis -3 does not exist in [3]; valid axes are 0..0",
                        f32(3)),
                refused(
                        new Op.MatMul(false, F32),
                        "matmul: left [2, 3] has 3 columns but right [4, 5] has 4 rows",
                        f32(2, 3),
                        f32(4, 5)),
                refused(
                        new Op.MatMul(true, F32),
                        "matmul: left [2, 3] has 3 columns but right [4, 5] has 5 columns (it is transposed)",
                        f32(2, 3),
                        f32(4, 5)),
                refused(
                        new Op.MatMul(true, F32),
                        "matmul: addend is F32 [3]; it must be F32 [4] or F32 [2, 4]",
                        f32(2, 3),
                        f32(4, 3),
                        f32(3)),
                refused(
                        new Op.MatMul(true, F32),
                        "matmul: left [2, 2, 3] and right [3, 4, 3]; right must have two axes, or the leading axes of left",
                        f32(2, 2, 3),
                        f32(3, 4, 3)),
                refused(
                        new Op.MatMul(false, F32),
                        "matmul: right Q4_0 [5, 64] is stored in blocks along its last axis; "
                                + "give it as [n, k] to matmulTransposed or Layers.linear, or cast it to F32 first",
                        f32(2, 64),
                        TensorType.of(Q4_0, 5, 64)),
                refused(
                        new Op.MatMul(true, F32),
                        "matmul: left [2, 96] has 96 columns but right [5, 64] has 64 columns (it is transposed)",
                        f32(2, 96),
                        TensorType.of(Q4_0, 5, 64)),
                refused(
                        new Op.MatMul(true, F32),
                        "matmul: Q4_0 [2, 64] is not floating point; cast it to F32 first",
                        TensorType.of(Q4_0, 2, 64),
                        f32(5, 64)),
                refused(
                        new Op.MatMul(true, F32),
                        "matmul: I32 [5, 64] is not floating point; cast it to F32 first",
                        f32(2, 64),
                        TensorType.of(I32, 5, 64)),
                refused(
                        new Op.MatMul(true, Q4_0),
                        "matmul: output type Q4_0 is not floating point; give F32, BF16, F16 or F64",
                        f32(2, 64),
                        TensorType.of(Q4_0, 5, 64)),
                refused(
                        new Op.Binary(Op.Binary.Function.ADD),
                        "plus: shapes [2, 3] and [2] do not fit; aligned at the last axis, extents must be equal or 1",
                        f32(2, 3),
                        f32(2)),
                refused(
                        new Op.Binary(Op.Binary.Function.LESS),
                        "less: F32 [2] and BF16 [2]; both sides need one type, cast one of them",
                        f32(2),
                        TensorType.of(BF16, 2)),
                refused(
                        new Op.Binary(Op.Binary.Function.DIVIDE),
                        "dividedBy: I32 [2] is not floating point; cast it to F32 first",
                        TensorType.of(I32, 2),
                        TensorType.of(I32, 2)),
                refused(
                        new Op.Unary(Op.Unary.Function.EXP),
                        "exp: Q4_0 [2, 32] is not floating point; cast it to F32 first",
                        TensorType.of(Q4_0, 2, 32)),
                refused(new Op.Cast(Q4_0), "cast: F32 [32] cannot become Q4_0; block types are only read", f32(32)),
                refused(new Op.Reshape(Shape.of(4)), "reshape: [2, 3] has 6 elements but [4] has 4", f32(2, 3)),
                refused(
                        new Op.Permute(List.of(0, 0)),
                        "permute: axes [0, 0] of [2, 3]; every axis of 0..1 must be named once",
                        f32(2, 3)),
                refused(new Op.Slice(0, 1, 5), "slice: 1..5 of axis 0 in [3]; need 0 <= from <= to <= 3", f32(3)),
                refused(
                        new Op.Slice(1, 0, 32),
                        "slice: axis 1 of Q4_0 [2, 64], which is stored in blocks; "
                                + "slice the outermost axis, or cast to F32 first",
                        TensorType.of(Q4_0, 2, 64)),
                refused(
                        new Op.Broadcast(Shape.of(2, 4)),
                        "broadcast: shapes [2, 3] and [2, 4] do not fit; "
                                + "aligned at the last axis, extents must be equal or 1",
                        f32(2, 3)),
                refused(
                        new Op.Concat(0),
                        "concat: F32 [2, 3] and F32 [2, 4] along axis 0; type and all other extents must be equal",
                        f32(2, 3),
                        f32(2, 4)),
                refused(
                        new Op.Gather(),
                        "gather: the indices are F32 [2]; make them with engine.indices(...) or cast to I32",
                        f32(3, 3),
                        f32(2)),
                refused(new Op.RmsNorm(0, F32), "rmsNorm: gain [2] for [5, 3]; it must be [3]", f32(5, 3), f32(2)),
                refused(
                        new Op.Rotary(2),
                        "rotary: cosine and sine are [3, 1] and [3, 2]; x [1, 3, 8] with 2 heads needs [3, 2]",
                        f32(1, 3, 8),
                        f32(3, 1),
                        f32(3, 2)),
                refused(
                        ATTENTION,
                        "attention: query [1, 3, 8], key [1, 3, 8], value [1, 3, 8]; key and value must be [1, keys, 4]",
                        f32(1, 3, 8),
                        f32(1, 3, 8),
                        f32(1, 3, 8)),
                refused(
                        ATTENTION,
                        "attention: 3 queries but 2 keys; causal attention needs queries <= keys",
                        f32(1, 3, 8),
                        f32(1, 2, 4),
                        f32(1, 2, 4)),
                refused(
                        PATTERN,
                        "pattern: query F32 [1, 3, 8] and key F32 [1, 3, 8]; key must be F32 [1, keys, 4]",
                        f32(1, 3, 8),
                        f32(1, 3, 8)),
                refused(
                        PATTERN,
                        "pattern: 3 queries but 2 keys; causal attention needs queries <= keys",
                        f32(1, 3, 8),
                        f32(1, 2, 4)),
                refused(
                        new Op.AttentionPattern(4, 3, 1, true),
                        "pattern: 4 heads share 3 key heads; need a positive multiple",
                        f32(1, 3, 8),
                        f32(1, 3, 6)),
                refused(
                        new Op.AttentionMix(2),
                        "mix: pattern is [3, 8]; it must be [sequences, heads, queries, keys]",
                        f32(3, 8),
                        f32(1, 3, 8)),
                refused(
                        new Op.AttentionMix(2),
                        "mix: pattern [1, 4, 3, 5] and value [1, 3, 4] disagree in sequences or keys",
                        f32(1, 4, 3, 5),
                        f32(1, 3, 4)),
                refused(
                        new Op.AttentionMix(3),
                        "mix: 4 heads share 3 key heads; need a positive multiple",
                        f32(1, 4, 3, 5),
                        f32(1, 5, 6)),
                refused(
                        new Op.GatedActivation(Op.Activation.SILU, F32),
                        "gatedActivation: gate is F32 [2] but up is F32 [3]; they must be equal",
                        f32(2),
                        f32(3)),
                refused(new Op.Gather(), "gather: 1 inputs given, it takes 2", f32(2)));
    }

    @Test
    void binaryBroadcastsFromTheRight() {
        assertThat(ShapeRule.output(new Op.Binary(Op.Binary.Function.ADD), List.of(f32(5, 1, 3), f32(4, 1))))
                .isEqualTo(f32(5, 4, 3));
        assertThat(ShapeRule.output(new Op.Binary(Op.Binary.Function.ADD), List.of(f32(0, 3), f32(1, 3))))
                .isEqualTo(f32(0, 3));
    }

    @Test
    void gatheredBlocksBecomeFloats() {
        assertThat(ShapeRule.output(new Op.Gather(), List.of(TensorType.of(Q4_0, 9, 64), TensorType.of(I32, 2, 5))))
                .isEqualTo(f32(2, 5, 64));
    }

    @Test
    void aStoredBlockTypeIsWholeBlocksPerRow() {
        assertThatThrownBy(() -> TensorType.stored("wrap", Q4_0, Shape.of(2, 48)))
                .hasMessage("wrap: Q4_0 [2, 48]; the last axis must be whole blocks of 32");
    }

    private static Arguments refused(Op op, String message, TensorType... inputs) {
        return Arguments.of(op, List.of(inputs), message);
    }

    private static TensorType f32(long... extents) {
        return TensorType.of(F32, extents);
    }
}
