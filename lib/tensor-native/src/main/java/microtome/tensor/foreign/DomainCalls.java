package microtome.tensor.foreign;

import java.lang.foreign.MemorySegment;
import java.util.List;
import microtome.tensor.Op;
import microtome.tensor.TensorView;

/** Turns an operation that probes live on into a call of its C function, on the engine's thread. */
final class DomainCalls {
    private static final int FOURTH = 4; // the slot beside the output's, which is 3

    private DomainCalls() {}

    static void run(Session session, Op.Domain op, List<TensorView> inputs, MemorySegment out) {
        var engine = session.engine();
        var descriptors = session.descriptors();
        switch (op) {
            case Op.Cosine() -> {
                var x = descriptors.write(0, inputs.getFirst());
                DomainFunctions.cosine(engine, x, descriptors.write(1, inputs.get(1)), out);
            }
            case Op.UpdateExamples(long first) -> {
                var state = descriptors.write(0, inputs.getFirst());
                DomainFunctions.topExamples(engine, first, state, descriptors.write(1, inputs.get(1)), out);
            }
            case Op.UpdateMoments() -> {
                var state = descriptors.write(0, inputs.getFirst());
                DomainFunctions.moments(engine, state, descriptors.write(1, inputs.get(1)), out);
            }
            case Op.IcaStep(var contrast, float alpha) -> {
                var z = descriptors.write(0, inputs.getFirst());
                var w = descriptors.write(1, inputs.get(1));
                DomainFunctions.icaStep(engine, Codes.of(contrast), alpha, z, w, out);
            }
            case Op.SparseEncode(var choice, int _) -> {
                var encoding = new DomainFunctions.Encoding(
                        descriptors.write(0, inputs.getFirst()),
                        descriptors.write(1, inputs.get(1)),
                        descriptors.write(2, inputs.get(2)),
                        inputs.size() == 4 ? descriptors.write(FOURTH, inputs.get(3)) : MemorySegment.NULL);
                DomainFunctions.sparseEncode(engine, Codes.of(choice), encoding, out);
            }
        }
    }
}
