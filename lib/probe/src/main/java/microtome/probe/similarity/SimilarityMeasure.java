package microtome.probe.similarity;

import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;

/** What is measured between two layers; with its options. */
public sealed interface SimilarityMeasure {
    /** Numbers with a point, whatever the machine's language. */
    DecimalFormatSymbols ROOT = DecimalFormatSymbols.getInstance(Locale.ROOT);

    /**
     * Linear CKA.
     *
     * @param isDebiased whether diagonals of the Gram matrices are left out, which takes away the bias of few rows
     */
    record Alignment(boolean isDebiased) implements SimilarityMeasure {}

    /**
     * Debiased linear CKA of a corpus: HSIC1 of both and of each is averaged over batches of rows, then divided.
     *
     * @param rows of a batch
     */
    record BatchedAlignment(int rows) implements SimilarityMeasure {
        /** Checks that HSIC1 exists for such a batch. */
        public BatchedAlignment {
            if (rows < GramSums.LEAST_ROWS) {
                throw new IllegalArgumentException("batches of %d rows: HSIC1 needs at least %d; 1024 is usual"
                        .formatted(rows, GramSums.LEAST_ROWS));
            }
        }
    }

    /**
     * Mean canonical correlation of principal components.
     *
     * @param variance the part of each layer's variance that its components carry; 1 keeps all (CCA), 0.99 is SVCCA
     */
    record CanonicalMean(double variance) implements SimilarityMeasure {
        /** Checks that the part is one. */
        public CanonicalMean {
            requireShare(variance);
        }
    }

    /** Canonical correlations weighted by how much of the layer of the row they carry (PWCCA); not symmetric. */
    record WeightedCanonical() implements SimilarityMeasure {}

    /** The nuclear norm of {@code X'Y} after centring and scaling to norm 1. */
    record OrthogonalProcrustes() implements SimilarityMeasure {}

    /** Checks a part of a variance. */
    static void requireShare(double variance) {
        if (!(variance > 0 && variance <= 1)) {
            throw new IllegalArgumentException(
                    "variance %s: give the part to keep, above 0 and at most 1; 0.99 is usual".formatted(variance));
        }
    }

    /** The name, such as {@code debiased CKA}. */
    default String label() {
        return switch (this) {
            case Alignment(boolean isDebiased) -> isDebiased ? "debiased CKA" : "biased CKA";
            case BatchedAlignment _ -> "batched debiased CKA";
            case CanonicalMean(double variance) ->
                variance == 1
                        ? "mean CCA"
                        : "SVCCA %s %%".formatted(new DecimalFormat("0.##", ROOT).format(100 * variance));
            case WeightedCanonical _ -> "PWCCA";
            case OrthogonalProcrustes _ -> "Procrustes similarity";
        };
    }

    /** The definition. */
    default String formula() {
        return switch (this) {
            case Alignment(boolean isDebiased) ->
                isDebiased
                        ? "HSIC1(K,L) / sqrt(HSIC1(K,K) HSIC1(L,L)), K = XX' and L = YY' with zeroed diagonals, HSIC1 = [tr(KL) + 1'K1 1'L1/((n-1)(n-2)) - 2/(n-2) 1'KL1] / (n(n-3)); not clipped"
                        : "||Y'X||^2 / (||X'X|| ||Y'Y||), linear kernels, columns centred, Frobenius norms";
            case BatchedAlignment _ ->
                "mean HSIC1(K,L) / sqrt(mean HSIC1(K,K) mean HSIC1(L,L)), linear kernels, means over batches by their rows; not clipped";
            case CanonicalMean _ ->
                "mean over min(k1, k2) of the singular values of Ux'Uy, U orthonormal bases of the principal components kept";
            case WeightedCanonical _ ->
                "sum a[i] rho[i] / sum a[i], a[i] = sum over columns x of |h[i] . x|, h the canonical variables of the layer of the row";
            case OrthogonalProcrustes _ ->
                "s = ||X'Y|| in the nuclear norm, both centred and of Frobenius norm 1; distance sqrt(2 - 2s), angle acos(s)";
        };
    }

    /** Where it is published. */
    default String paper() {
        return switch (this) {
            case Alignment(boolean isDebiased) ->
                isDebiased ? "https://arxiv.org/abs/2010.15327" : "https://arxiv.org/abs/1905.00414";
            case BatchedAlignment _ -> "https://arxiv.org/abs/2010.15327";
            case CanonicalMean _ -> "https://arxiv.org/abs/1706.05806";
            case WeightedCanonical _ -> "https://arxiv.org/abs/1806.05759";
            case OrthogonalProcrustes _ -> "https://arxiv.org/abs/2108.01661";
        };
    }
}
