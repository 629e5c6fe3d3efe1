package microtome.probe.depth;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import microtome.display.HeatMap;

/** The triangle of effects with the output in a column of its own. */
record SkipPicture(SkipEffect result) {
    private static final int STRIP = 2;

    HeatMap map(SkipReach reach, String title) {
        Aggregation rule = result.options().aggregation();
        double[][] matrix = result.effects().matrix(rule);
        double[] outputs = result.effects().outputs(rule);
        int blocks = matrix.length;
        var cells = new double[blocks][blocks + STRIP];
        var hover = new String[blocks][blocks + STRIP];
        for (int skipped = 0; skipped < blocks; skipped++) {
            Arrays.fill(cells[skipped], 0, blocks + STRIP - 1, Double.NaN);
            Arrays.fill(hover[skipped], 0, blocks + STRIP - 1, "");
            for (int changed = 0; changed <= skipped; changed++) {
                hover[skipped][changed] = "block %d is not behind block %d".formatted(changed, skipped);
            }
            for (int changed = skipped + 1; changed < blocks; changed++) {
                cells[skipped][changed] = matrix[skipped][changed];
                hover[skipped][changed] = "without block %d, block %d changes by %s"
                        .formatted(skipped, changed, number(matrix[skipped][changed], result.reason(changed)));
            }
            cells[skipped][blocks + STRIP - 1] = outputs[skipped];
            hover[skipped][blocks + STRIP - 1] = "without block %d, the output changes by %s"
                    .formatted(skipped, number(outputs[skipped], result.reasonOfOutput()));
        }
        return HeatMap.of(cells)
                .rowLabels(result.labels())
                .columnLabels(columns())
                .hover(hover)
                .range(0, 1)
                .firstRowAtBottom()
                .axisTitles("skipped block", reach == SkipReach.FUTURE ? "later block, future tokens" : "later block")
                .valueTitle("relative change")
                .title(title);
    }

    private List<String> columns() {
        var columns = new ArrayList<>(result.labels());
        columns.add("");
        columns.add("output");
        return columns;
    }

    private static String number(double value, String reason) {
        return Double.isNaN(value) ? "NaN: " + reason : String.format(Locale.ROOT, "%.4f", value);
    }
}
