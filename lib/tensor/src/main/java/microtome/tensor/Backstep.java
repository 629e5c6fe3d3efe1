package microtome.tensor;

import java.util.List;
import java.util.function.Supplier;

/**
 * One recorded operation on the way back: what its gradient rule is given.
 *
 * @param upstream the gradient of the output
 * @param wanted which inputs a gradient is needed of
 * @param before the gradients that the inputs have so far, null where they have none
 * @param includes set by a rule whose answer for an input already contains what was there before
 * @param batch how many gradients there are at once
 */
record Backstep(Recorded line, Tensor upstream, boolean[] wanted, Tensor[] before, boolean[] includes, Batch batch) {

    Tensor input(int index) {
        return line.inputs().get(index).value();
    }

    List<Tensor> inputs() {
        return line.inputs().stream().map(Recorded.Slot::value).toList();
    }

    TensorType type(int index) {
        return line.inputs().get(index).type();
    }

    /** The extents of the gradient of an input. */
    long[] extents(int index) {
        return batch.shape(type(index).shape()).extents();
    }

    /** An axis of an input, counted from the end, where a batch does not move it. */
    int fromEnd(int index, int axis) {
        var shape = type(index).shape();
        return shape.axis("gradient", axis) - shape.rank();
    }

    Tensor output() {
        return line.output().value();
    }

    Engine engine() {
        return upstream.engine();
    }

    /** The gradients of the inputs that are wanted, null for the others. A missing supplier means no gradient at all. */
    @SafeVarargs
    final Tensor[] answer(Supplier<Tensor>... gradients) {
        var answer = new Tensor[wanted.length];
        for (int i = 0; i < gradients.length && i < answer.length; i++) {
            answer[i] = wanted[i] ? gradients[i].get() : null;
        }
        return answer;
    }
}
