package microtome.tensor.foreign;

import static microtome.tensor.DType.F32;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.List;
import microtome.tensor.Op;
import microtome.tensor.TensorType;
import microtome.tensor.TensorView;
import org.junit.jupiter.api.Test;

/**
 * The conformance suite runs once more over the implementation of the header that the native tests build, which puts work
 * off until somebody waits; this class, which only that run includes, looks whether it really was that one.
 */
class SecondImplementation {
    @Test
    void countsCallsAndDoesNothingUntilSomebodyWaits() {
        try (var session = new Session(1)) {
            var type = TensorType.of(F32, 4);
            var buffer = NativeBuffer.planned(F32, 4);
            session.create(buffer, type.bytes());
            for (int value = 1; value <= 3; value++) {
                Calls.run(session, new Op.Fill(value, type), List.of(), TensorView.contiguous(buffer, 0, type));
            }
            assertThat(EngineFunctions.describe(session.engine()))
                    .contains("mt_fill 3")
                    .contains("put off=3");
            var values = new float[4];
            Transfers.download(session, buffer, 0, MemorySegment.ofArray(values));
            assertThat(values).containsOnly(3);
            assertThat(EngineFunctions.describe(session.engine()))
                    .contains("mt_download 1")
                    .contains("put off=0");
        }
    }
}
