package microtome.probe.update;

import java.util.List;

/**
 * A class of maps of single tokens, {@code T(x) = x + t(x)}, one of which is fitted to what a block does to the residual stream.
 *
 * @see <a href="https://arxiv.org/abs/2604.02459">Geometric structure of layer updates, arXiv 2604.02459</a>
 */
public sealed interface UpdateClass {
    /** {@code T(x) = x}, the baseline of every alignment. */
    UpdateClass IDENTITY = new Identity();

    /** One factor for all dimensions, and a constant vector. */
    UpdateClass SCALAR = new Scalar();

    /** One factor for each dimension, and a constant vector. */
    UpdateClass DIAGONAL = new Diagonal();

    /** A rotation or reflection about the mean. */
    UpdateClass ORTHOGONAL = new Orthogonal();

    /** All six, low rank with 8 and local linear with 32 neighbours. */
    List<UpdateClass> ALL = List.of(IDENTITY, SCALAR, DIAGONAL, lowRank(8), ORTHOGONAL, localLinear(32));

    /** A linear map of this rank, and a constant vector. */
    static UpdateClass lowRank(int rank) {
        return new LowRank(rank);
    }

    /** For each token a linear map of its own, fitted on so many of the nearest fit tokens. */
    static UpdateClass localLinear(int neighbours) {
        return new LocalLinear(neighbours);
    }

    /** See {@link #IDENTITY}. */
    record Identity() implements UpdateClass {}

    /** See {@link #SCALAR}. */
    record Scalar() implements UpdateClass {}

    /** See {@link #DIAGONAL}. */
    record Diagonal() implements UpdateClass {}

    /**
     * Ridge regression of updates on states, cut to the directions in which its predictions vary most.
     *
     * @param rank how many directions
     */
    record LowRank(int rank) implements UpdateClass {
        /** Checks that there is a direction. */
        public LowRank {
            requireAtLeastOne("low rank", "rank", rank);
        }
    }

    /** See {@link #ORTHOGONAL}. */
    record Orthogonal() implements UpdateClass {}

    /**
     * Ridge regression on the nearest fit tokens, Euclidean between unit vectors.
     *
     * @param neighbours how many tokens
     */
    record LocalLinear(int neighbours) implements UpdateClass {
        /** Checks that there is a neighbour. */
        public LocalLinear {
            requireAtLeastOne("local linear", "neighbours", neighbours);
        }
    }

    /** The name, such as {@code low rank 8}. */
    default String label() {
        return switch (this) {
            case Identity _ -> "identity";
            case Scalar _ -> "scalar";
            case Diagonal _ -> "diagonal";
            case LowRank(int rank) -> "low rank " + rank;
            case Orthogonal _ -> "orthogonal";
            case LocalLinear(int neighbours) -> "local linear " + neighbours;
        };
    }

    /** The formula of the map. */
    default String formula() {
        return switch (this) {
            case Identity _ -> "t = 0";
            case Scalar _ -> "t = c x + b, least squares";
            case Diagonal _ -> "t[i] = c[i] x[i] + b[i], least squares per dimension";
            case LowRank(int rank) ->
                "t = mu + (x - mx) B V V', B = (Xc'Xc + lambda I)^-1 Xc'Uc, lambda = 0.01 trace(Xc'Xc)/d, V the top %d right singular vectors of Xc B"
                        .formatted(rank);
            case Orthogonal _ -> "T(x) = my + (x - mx) Q, Q = UV' from the singular value decomposition of Xc'Yc";
            case LocalLinear(int neighbours) ->
                "for each x the ridge regression of u on x over its %d nearest fit tokens, lambda = 0.01 trace(Xc'Xc)/d"
                        .formatted(neighbours);
        };
    }

    private static void requireAtLeastOne(String name, String what, int count) {
        if (count < 1) {
            throw new IllegalArgumentException("%s with %s %d: need at least 1".formatted(name, what, count));
        }
    }
}
