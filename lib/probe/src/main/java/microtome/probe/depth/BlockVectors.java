package microtome.probe.depth;

import microtome.model.config.BlockOrder;

/** Lengths and products of the vectors of one position around one block, summed in double. */
final class BlockVectors {
    /** The least denominator of a share. */
    private static final double LEAST = 1e-6;

    /** A shorter vector has no direction. */
    private static final double NO_DIRECTION = 1e-12;

    private final BlockOrder order;
    private final int width;
    private double before;
    private double attention;
    private double mlp;
    private double read;
    private double block;
    private double after;
    private double attentionBefore;
    private double mlpRead;
    private double blockBefore;
    private double afterBefore;

    BlockVectors(BlockOrder order, int width) {
        this.order = order;
        this.width = width;
    }

    /**
     * Takes one row of each.
     *
     * @param middle what the MLP's output is added to; read only where a norm stands behind the sum of attention
     */
    void take(int row, float[] h, float[] a, float[] middle, float[] m, float[] next) {
        clear();
        for (int i = row * width; i < (row + 1) * width; i++) {
            double stream = h[i];
            double attended = a[i];
            double thought = m[i];
            double mlpReads = switch (order) {
                case NORM_FIRST, NORM_AROUND, NORM_OF_BRANCH -> stream + attended;
                case PARALLEL -> stream;
                case NORM_OF_SUM -> middle[i];
            };
            double added = order == BlockOrder.NORM_OF_SUM ? next[i] - stream : attended + thought;
            before += stream * stream;
            attention += attended * attended;
            mlp += thought * thought;
            read += mlpReads * mlpReads;
            block += added * added;
            after += (double) next[i] * next[i];
            attentionBefore += attended * stream;
            mlpRead += thought * mlpReads;
            blockBefore += added * stream;
            afterBefore += next[i] * stream;
        }
    }

    private void clear() {
        before = 0;
        attention = 0;
        mlp = 0;
        read = 0;
        block = 0;
        after = 0;
        attentionBefore = 0;
        mlpRead = 0;
        blockBefore = 0;
        afterBefore = 0;
    }

    /** One quantity of the row that was taken; NaN for a cosine with a vector that has no direction. */
    double measure(Quantity quantity) {
        return switch (quantity) {
            case ATTENTION_SHARE -> share(attention, before);
            case MLP_SHARE -> share(mlp, read);
            case BLOCK_SHARE -> share(block, before);
            case ATTENTION_COSINE -> cosine(attentionBefore, attention, before);
            case MLP_COSINE -> cosine(mlpRead, mlp, read);
            case BLOCK_COSINE -> cosine(blockBefore, block, before);
            case STREAM_COSINE -> cosine(afterBefore, after, before);
            case STREAM_NORM -> Math.sqrt(before);
            case ATTENTION_NORM -> Math.sqrt(attention);
            case MLP_NORM -> Math.sqrt(mlp);
            case BLOCK_NORM -> Math.sqrt(block);
        };
    }

    private static double share(double part, double whole) {
        return Math.sqrt(part) / Math.max(Math.sqrt(whole), LEAST);
    }

    private static double cosine(double product, double first, double second) {
        double lengths = Math.sqrt(first) * Math.sqrt(second);
        boolean directed = Math.min(Math.sqrt(first), Math.sqrt(second)) >= NO_DIRECTION;
        return directed ? Math.clamp(product / lengths, -1, 1) : Double.NaN;
    }
}
