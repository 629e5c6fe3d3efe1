package microtome.model.corpus.fold;

import java.util.function.Function;
import microtome.tensor.Engine;
import microtome.tensor.Tensor;

/** The results of two folds of the same rows. */
public record Both<A, B>(A first, B second) {

    record OfFolds<A, B>(Fold<A> first, Fold<B> second) implements Fold<Both<A, B>> {
        @Override
        public void begin(Engine engine, int features) {
            first.begin(engine, features);
            second.begin(engine, features);
        }

        @Override
        public void accept(Tensor rows, RowPlaces places) {
            first.accept(rows, places);
            second.accept(rows, places);
        }

        @Override
        public Both<A, B> result() {
            return new Both<>(first.result(), second.result());
        }

        @Override
        public void close() {
            first.close();
            second.close();
        }
    }

    record Changed<R, S>(Fold<R> fold, Function<R, S> function) implements Fold<S> {
        @Override
        public void begin(Engine engine, int features) {
            fold.begin(engine, features);
        }

        @Override
        public void accept(Tensor rows, RowPlaces places) {
            fold.accept(rows, places);
        }

        @Override
        public S result() {
            return function.apply(fold.result());
        }

        @Override
        public void close() {
            fold.close();
        }
    }
}
