package microtome.display;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The exact tokens of a text in order, so that nobody has to guess what a model read.
 *
 * @param tokens in order; position 0 first
 * @param valueName what the tokens' values are, shown in tooltips; empty when there are none
 * @param scale from values to colours
 */
public record TokenStrip(List<Token> tokens, String valueName, ColorScale scale) implements Displayable {
    private static final String[] PLAIN_BACKGROUNDS = {"#e8eef7", "#f6f1e4"};
    private static final String SPAN = "<span title=\"%s\" style=\"background-color:%s;color:%s;padding:1px 2px;"
            + "border-radius:3px;white-space:pre-wrap%s\">%s</span>";

    /**
     * One token.
     *
     * @param id number in the vocabulary
     * @param text what the token stands for, exactly
     * @param addedBy the rule that added the token, for example {@code add_bos_token}; null if it comes from the text
     * @param value a number that colours the token; NaN for none
     */
    public record Token(int id, String text, String addedBy, double value) {
        /** Checks the text. */
        public Token {
            Objects.requireNonNull(text, "text of token " + id);
        }

        /** A token of the text. */
        public static Token of(int id, String text) {
            return new Token(id, text, null, Double.NaN);
        }

        /** This token as one that {@code rule} added. */
        public Token addedBy(String rule) {
            return new Token(id, text, rule, value);
        }

        /** This token with a value. */
        public Token value(double number) {
            return new Token(id, text, addedBy, number);
        }
    }

    /** Checks that nothing is missing. */
    public TokenStrip {
        tokens = List.copyOf(tokens);
        Objects.requireNonNull(valueName, "name of the values");
        Objects.requireNonNull(scale, "colour scale");
    }

    /** A strip without values. */
    public static TokenStrip of(List<Token> tokens) {
        return new TokenStrip(tokens, "", ColorScale.BLUES);
    }

    /**
     * This strip coloured by one value for each token.
     *
     * @throws IllegalArgumentException if there are not as many values as tokens
     */
    public TokenStrip values(String name, double... values) {
        if (values.length != tokens.size()) {
            throw new IllegalArgumentException(
                    "%d values for %d tokens; give one for each, NaN for none".formatted(values.length, tokens.size()));
        }
        var valued = IntStream.range(0, values.length)
                .mapToObj(position -> tokens.get(position).value(values[position]))
                .toList();
        return new TokenStrip(valued, name, scale);
    }

    /** This strip with another colour scale. */
    public TokenStrip scale(ColorScale other) {
        return new TokenStrip(tokens, valueName, other);
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
        if (tokens.isEmpty()) {
            return "no tokens";
        }
        var lines = new ArrayList<String>();
        lines.add(IntStream.range(0, tokens.size())
                .mapToObj(position -> "[%d]%s"
                        .formatted(
                                position, TokenText.visible(tokens.get(position).text())))
                .collect(Collectors.joining(" ")));
        lines.add("ids: "
                + tokens.stream().map(token -> Integer.toString(token.id())).collect(Collectors.joining(" ")));
        lines.addAll(rules());
        if (hasValues()) {
            lines.add(valueName + ": "
                    + tokens.stream()
                            .map(token -> Significant.text(token.value(), 4))
                            .collect(Collectors.joining(" ")));
        }
        return String.join("\n", lines);
    }

    @Override
    public String toString() {
        return plainText();
    }

    private String html() {
        var html = new StringBuilder("<div style=\"font-family:monospace;line-height:2\">");
        var range = range();
        for (int position = 0; position < tokens.size(); position++) {
            html.append(span(position, range));
            if (tokens.get(position).text().endsWith("\n")) {
                html.append("<br>");
            }
        }
        html.append(tokens.isEmpty() ? "no tokens</div>" : "</div>");
        for (var rule : rules()) {
            html.append("<div>").append(Html.escape(rule)).append("</div>");
        }
        return html.toString();
    }

    private String span(int position, Range range) {
        var token = tokens.get(position);
        var title = "position %d, id %d".formatted(position, token.id());
        if (token.addedBy() != null) {
            title += ", added by: " + token.addedBy();
        }
        if (!Double.isNaN(token.value())) {
            title += ", %s: %s".formatted(valueName, Significant.text(token.value(), 4));
        }
        var mark = token.addedBy() == null ? "" : ";outline:1px dashed #59636e";
        var plain = PLAIN_BACKGROUNDS[position % PLAIN_BACKGROUNDS.length];
        var share = range.share(token.value()); // NaN without a value
        return SPAN.formatted(
                Html.escape(title),
                Double.isNaN(share) ? plain : scale.css(share),
                Double.isNaN(share) ? Rgb.INK.css() : scale.textCss(share),
                mark,
                Html.escape(TokenText.visible(token.text())));
    }

    private Range range() {
        var range = Range.of(List.of(tokens.stream().mapToDouble(Token::value).toArray()));
        return scale.isCentered() ? range.centered() : range;
    }

    private boolean hasValues() {
        return tokens.stream().anyMatch(token -> !Double.isNaN(token.value()));
    }

    private List<String> rules() {
        var rules = new LinkedHashMap<String, List<String>>();
        for (int position = 0; position < tokens.size(); position++) {
            var rule = tokens.get(position).addedBy();
            if (rule != null) {
                rules.computeIfAbsent(rule, name -> new ArrayList<>()).add("[" + position + "]");
            }
        }
        return rules.entrySet().stream()
                .map(entry -> "added by %s: %s".formatted(entry.getKey(), String.join(" ", entry.getValue())))
                .toList();
    }
}
