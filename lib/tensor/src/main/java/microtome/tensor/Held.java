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
                retain(tensor);
            } catch (IllegalStateException closed) {
                release(i);
                throw closed;
            }
        }
    }

    /** Adds a hold on the storage of an open tensor. */
    static void retain(Tensor tensor) {
        tensor.requireOpen();
        if (!tensor.lease().storage().retain()) {
            tensor.requireOpen();
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
