package microtome.model.corpus.fold;

import java.util.function.Function;
import microtome.tensor.Engine;
import microtome.tensor.Tensor;

/**
 * Takes in the rows of one site, batch by batch, and keeps what it needs of them. Many ready ones are in {@link Folds};
 * one of your own sees every row exactly once.
 *
 * @param <R> what it finds, in plain arrays that outlive the engine
 */
public interface Fold<R> {
    /**
     * Called once, before the first rows.
     *
     * @param features numbers of a row
     */
    void begin(Engine engine, int features);

    /**
     * Takes in more rows. Tensors made in here are freed when it returns; a state that shall live on is made inside
     * {@link Engine#outsideScopes}. An interrupt does not reach this call: a batch counts for every fold or for none.
     *
     * @param rows {@code [rows, features]} of a floating type; heads and their elements are features one behind the other
     * @param places where each row comes from
     */
    void accept(Tensor rows, RowPlaces places);

    /** What was found so far. */
    R result();

    /** Frees what it holds on the engine; the result stays. */
    default void close() {}

    /** Two folds of the same rows in one pass. */
    default <S> Fold<Both<R, S>> and(Fold<S> other) {
        return new Both.OfFolds<>(this, other);
    }

    /** This fold with its result turned into something else. */
    default <S> Fold<S> then(Function<R, S> function) {
        return new Both.Changed<>(this, function);
    }
}
