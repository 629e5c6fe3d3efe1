package microtome.tensor;

import java.util.List;

/** Keeps the storage of some tensors while an operation is handed to the backend, whoever closes them meanwhile. */
final class Held {
    private final List<Tensor> tensors;

    /** Fails when one of them is closed. */
    Held(List<Tensor> tensors) {
        this.tensors = tensors;
        for (int i = 0; i < tensors.size(); i++) {
            var tensor = tensors.get(i);
            try {
                tensor.requireOpen();
                if (!tensor.lease().storage().retain()) {
                    tensor.requireOpen();
                }
            } catch (IllegalStateException closed) {
                release(i);
                throw closed;
            }
        }
    }

    void release() {
        release(tensors.size());
    }

    private void release(int count) {
        for (int i = 0; i < count; i++) {
            tensors.get(i).lease().storage().release();
        }
    }
}
