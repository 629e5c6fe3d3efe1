package microtome.cli.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import microtome.display.Column;
import microtome.display.Table;

/**
 * What one case of a benchmark found.
 *
 * @param title the job
 * @param timings ours first; empty when nothing was timed
 * @param facts what was checked before timing, limits, sizes; name to a number or a text
 * @param holds whether what was promised was kept; true when there is no promise
 */
public record Result(String title, List<Timings> timings, Map<String, Object> facts, boolean holds) {
    public Result {
        timings = List.copyOf(timings);
        facts = new LinkedHashMap<>(facts);
    }

    /** A case without such a promise. */
    static Result timed(String title, List<Timings> timings, Map<String, Object> facts) {
        return new Result(title, timings, facts, true);
    }

    /** A table of times with ratios, then the facts. */
    public String text() {
        var text = new StringBuilder(title).append('\n');
        if (!timings.isEmpty()) {
            text.append(table().plainText()).append('\n');
        }
        facts.forEach((name, value) -> text.append("  %s: %s%n".formatted(padded(name, value), shown(value))));
        return text.toString();
    }

    /** Ratios stand below each other. */
    private String padded(String name, Object value) {
        int width = value instanceof Ratio
                ? facts.keySet().stream().mapToInt(String::length).max().orElse(0)
                : 1;
        return ("%-" + width + "s").formatted(name);
    }

    private static String shown(Object value) {
        return value instanceof Double number ? "%.4g".formatted(number) : value.toString();
    }

    private Table table() {
        var table = Table.of(
                Column.text("who"),
                Column.number("median s", "%.3f"),
                Column.number("minimum s", "%.3f"),
                Column.number("runs", "%d"),
                Column.text("we are faster by"));
        Timings ours = timings.getFirst();
        for (Timings each : timings) {
            String ratio = each == ours ? "" : "%.2f x".formatted(ours.speedOver(each));
            table = table.row(each.contender(), each.median(), each.minimum(), each.seconds().length, ratio);
        }
        return table;
    }

    /** The same as a JSON tree, with every single time. */
    public Map<String, Object> json() {
        var contenders = new ArrayList<Map<String, Object>>();
        for (Timings each : timings) {
            var contender = new LinkedHashMap<String, Object>();
            contender.put("name", each.contender());
            contender.put("median_seconds", each.median());
            contender.put("seconds", each.seconds());
            contender.put("ratio_to_ours", timings.getFirst().speedOver(each));
            contenders.add(contender);
        }
        var json = new LinkedHashMap<String, Object>();
        json.put("case", title);
        json.put("contenders", contenders);
        var plain = new LinkedHashMap<String, Object>(facts);
        plain.replaceAll((_, value) -> value instanceof Ratio ratio ? ratio.json() : value);
        json.put("facts", plain);
        json.put("holds", holds);
        return json;
    }
}
