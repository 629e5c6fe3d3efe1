package microtome.cli.bench;

import java.util.Arrays;
import java.util.List;
import microtome.model.Continuation;
import microtome.model.LanguageModel;
import microtome.model.Tap;
import microtome.model.token.TokenSequence;
import microtome.tensor.Tensor;

/** Greedy decoding: the likeliest token again and again, each from the kept keys and values of those before. */
record Decoded(String name, LanguageModel model, int prompt, int tokens) implements Contender {

    /** The time of the tokens after the prompt, which itself is not counted. */
    @Override
    public double seconds() {
        try (var continuation = model.continuation()) {
            TokenSequence next = greedy(continuation, passage());
            long began = System.nanoTime();
            for (int i = 0; i < tokens; i++) {
                next = greedy(continuation, next);
            }
            return (System.nanoTime() - began) / 1e9;
        }
    }

    /** Logits after the prompt, of a pass that a tap listens to. */
    float[] logits(Tap tap) {
        try (var continuation = model.continuation();
                Tensor logits = continuation.nextLogits(List.of(passage()), tap)) {
            return logits.toFloats();
        }
    }

    private TokenSequence passage() {
        return TokenSequence.ofIds(
                Arrays.copyOf(model.tokenizer().encode(Passage.text()).ids(), prompt));
    }

    private TokenSequence greedy(Continuation continuation, TokenSequence next) {
        try (var _ = model.engine().openScope()) {
            return TokenSequence.ofIds(
                    continuation.nextLogits(List.of(next), Tap.NONE).topK(1).toInts());
        }
    }
}
