package microtome.display;

import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What a number is and where it comes from: a metric carries its definition.
 *
 * @param name of the metric
 * @param formula the definition, in words or as a formula in plain characters
 * @param facts what it was computed from and with: n, seed, tokens, model hash, device, in order
 * @param paper where the definition is published, or null
 * @param notes limits and reasons, such as why a value is NaN
 */
public record Explanation(String name, String formula, Map<String, String> facts, URI paper, List<String> notes)
        implements Displayable {
    /** Checks the parts; a paper must be an http or https link. */
    public Explanation {
        Objects.requireNonNull(name, "name of an explanation");
        Objects.requireNonNull(formula, "formula of " + name);
        facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
        notes = List.copyOf(notes);
        if (paper != null && !List.of("http", "https").contains(paper.getScheme())) {
            throw new IllegalArgumentException(
                    "%s: paper \"%s\" is not a link; use for example https://arxiv.org/abs/2303.08112"
                            .formatted(name, paper));
        }
    }

    /** An explanation with a definition alone. */
    public static Explanation of(String name, String formula) {
        return new Explanation(name, formula, Map.of(), null, List.of());
    }

    /** This explanation with the number of things that were counted or averaged. */
    public Explanation n(long count) {
        return fact("n", count);
    }

    /** This explanation with the seed of the random numbers. */
    public Explanation seed(long seed) {
        return fact("seed", seed);
    }

    /** This explanation with one more fact, such as the model's hash or the device. */
    public Explanation fact(String key, Object value) {
        var all = new LinkedHashMap<>(facts);
        all.put(key, Column.text(key).format().apply(value));
        return new Explanation(name, formula, all, paper, notes);
    }

    /**
     * This explanation with a link to the source.
     *
     * @throws IllegalArgumentException if it is not an http or https link
     */
    public Explanation paper(String link) {
        return new Explanation(name, formula, facts, URI.create(link), notes);
    }

    /** This explanation with one more remark. */
    public Explanation note(String text) {
        var all = new ArrayList<>(notes);
        all.add(text);
        return new Explanation(name, formula, facts, paper, all);
    }

    @Override
    public Map<String, Object> mimeBundle() {
        var bundle = new LinkedHashMap<String, Object>();
        bundle.put(MimeTypes.HTML, html());
        bundle.put(MimeTypes.TEXT, plainText());
        return bundle;
    }

    @Override
    public String plainText() {
        var lines = new ArrayList<>(List.of(name + ": " + formula));
        facts.forEach((key, value) -> lines.add("  " + key + " = " + value));
        if (paper != null) {
            lines.add("  see " + paper);
        }
        notes.forEach(note -> lines.add("  " + note));
        return String.join("\n", lines);
    }

    @Override
    public String toString() {
        return plainText();
    }

    private String html() {
        var html = new StringBuilder(
                "<p><b>%s</b>: <code>%s</code></p>\n<ul>\n".formatted(Html.escape(name), Html.escape(formula)));
        facts.forEach(
                (key, value) -> html.append("<li>%s = %s</li>\n".formatted(Html.escape(key), Html.escape(value))));
        if (paper != null) {
            var link = Html.escape(paper.toString());
            html.append("<li>see <a href=\"%s\">%s</a></li>\n".formatted(link, link));
        }
        notes.forEach(note -> html.append("<li>%s</li>\n".formatted(Html.escape(note))));
        return html.append("</ul>").toString();
    }
}
