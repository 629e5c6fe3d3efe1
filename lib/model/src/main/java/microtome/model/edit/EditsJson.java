package microtome.model.edit;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import microtome.display.Json;
import microtome.model.Site;
import microtome.model.Values;
import microtome.model.format.Nearest;

/**
 * Edits as JSON: {@code {"microtome_edits": 1, "edits": [{"site": "head_output", "blocks": [9, 9], "positions": [[0, null]],
 * "heads": [6], "sequences": [], "change": "zero"}]}}.
 */
final class EditsJson {
    private static final String VERSION = "microtome_edits";
    private static final List<String> CHANGES =
            List.of("zero", "add", "scale", "replace", "mean", "freeze", "project_out", "keep_only");

    private EditsJson() {}

    static String write(Edits edits) {
        var tree = new LinkedHashMap<String, Object>();
        tree.put(VERSION, 1);
        tree.put("edits", edits.list().stream().map(EditsJson::tree).toList());
        return Json.write(tree);
    }

    static Edits read(String json) {
        var fields = new JsonFields("edits", Json.read(json));
        int version = fields.integer(VERSION);
        if (version != 1) {
            throw new IllegalArgumentException(
                    "edits: version %d of the format; this library reads version 1".formatted(version));
        }
        List<?> list = fields.list("edits");
        var edits = new Edit[list.size()];
        for (int i = 0; i < edits.length; i++) {
            edits[i] = edit(new JsonFields("edit %d".formatted(i + 1), list.get(i)));
        }
        return Edits.of(edits);
    }

    private static Map<String, Object> tree(Edit edit) {
        Place place = edit.place();
        var tree = new LinkedHashMap<String, Object>();
        tree.put("site", SiteAxes.label(place.kind()));
        tree.put("blocks", List.of(place.first(), place.last()));
        tree.put(
                "positions",
                place.positions().spans().stream()
                        .map(span -> Arrays.asList(span.first(), span.open() ? null : span.last()))
                        .toList());
        tree.put("heads", place.heads());
        tree.put("sequences", place.sequences());
        putChange(tree, edit);
        return tree;
    }

    private static void putChange(Map<String, Object> tree, Edit edit) {
        switch (edit.change()) {
            case Change.Zero() -> tree.put("change", "zero");
            case Change.Add(Direction direction, double coefficient) -> {
                putDirection(tree, "add", direction);
                tree.put("coefficient", coefficient);
            }
            case Change.Scale(double factor) -> {
                tree.put("change", "scale");
                tree.put("factor", factor);
            }
            case Change.Replace(Given values) -> putGiven(tree, "replace", values);
            case Change.Mean(Given mean) -> putGiven(tree, "mean", mean);
            case Change.Freeze(Optional<Given> run) -> {
                tree.put("change", "freeze");
                run.ifPresent(given -> putGiven(tree, "freeze", given));
            }
            case Change.ProjectOut(Direction direction) -> putDirection(tree, "project_out", direction);
            case Change.KeepOnly(Direction direction) -> putDirection(tree, "keep_only", direction);
            case Change.Custom(String name, var _) ->
                throw new IllegalArgumentException(
                        "custom edit '%s' at %s is Java code and cannot be saved; build it again after reading the others, or say it with add, scale, replace or project out"
                                .formatted(name, edit.place()));
        }
    }

    private static void putGiven(Map<String, Object> tree, String change, Given given) {
        tree.put("change", change);
        if (given.everywhere() != null) {
            tree.put("values", Floats.tree(given.everywhere()));
        } else {
            var sites = new LinkedHashMap<String, Object>();
            given.bySite().forEach((site, values) -> sites.put(Integer.toString(site.index()), Floats.tree(values)));
            tree.put("values_by_block", sites);
        }
    }

    private static void putDirection(Map<String, Object> tree, String change, Direction direction) {
        tree.put("change", change);
        tree.put("direction", Floats.tree(direction));
    }

    private static Edit edit(JsonFields fields) {
        Site.Kind kind = kind(fields);
        List<Integer> blocks = fields.integers("blocks");
        if (blocks.size() != 2) {
            throw fields.wrong("blocks", blocks, "[first, last]");
        }
        var place = new Place(
                kind,
                blocks.getFirst(),
                blocks.getLast(),
                positions(fields),
                fields.integers("heads"),
                fields.integers("sequences"));
        return new Edit(place, change(fields, kind));
    }

    private static Site.Kind kind(JsonFields fields) {
        String label = fields.text("site");
        List<String> labels =
                Arrays.stream(Site.Kind.values()).map(SiteAxes::label).toList();
        int found = labels.indexOf(label);
        if (found < 0) {
            throw fields.wrong("site", label, Nearest.clause(label, labels));
        }
        return Site.Kind.values()[found];
    }

    private static Positions positions(JsonFields fields) {
        return new Positions(fields.list("positions").stream()
                .map(span -> span(fields, span))
                .toList());
    }

    private static Positions.Span span(JsonFields fields, Object span) {
        if (span instanceof List<?> ends && ends.size() == 2 && ends.getFirst() instanceof Integer first) {
            if (ends.getLast() == null) {
                return new Positions.Span(first, Integer.MAX_VALUE);
            }
            if (ends.getLast() instanceof Integer last) {
                return new Positions.Span(first, last);
            }
        }
        throw fields.wrong("positions", span, "[first, last], or [first, null] for no end");
    }

    private static Change change(JsonFields fields, Site.Kind kind) {
        String change = fields.text("change");
        return switch (change) {
            case "zero" -> new Change.Zero();
            case "add" -> new Change.Add(Floats.direction(fields), fields.number("coefficient"));
            case "scale" -> new Change.Scale(fields.number("factor"));
            case "replace" -> new Change.Replace(given(fields, kind));
            case "mean" -> new Change.Mean(given(fields, kind));
            case "freeze" ->
                new Change.Freeze(
                        fields.has("values") || fields.has("values_by_block")
                                ? Optional.of(given(fields, kind))
                                : Optional.empty());
            case "project_out" -> new Change.ProjectOut(Floats.direction(fields));
            case "keep_only" -> new Change.KeepOnly(Floats.direction(fields));
            default -> throw fields.wrong("change", change, Nearest.clause(change, CHANGES));
        };
    }

    private static Given given(JsonFields fields, Site.Kind kind) {
        if (fields.has("values")) {
            return Given.of(Floats.values(fields.child("values")));
        }
        JsonFields bySite = fields.child("values_by_block");
        var values = new LinkedHashMap<Site, Values>();
        for (String block : bySite.names()) {
            if (!block.matches("[0-9]{1,9}")) {
                throw fields.wrong("values_by_block", block, "numbers of blocks");
            }
            values.put(new Site(kind, Integer.parseInt(block)), Floats.values(bySite.child(block)));
        }
        return new Given(null, values);
    }
}
