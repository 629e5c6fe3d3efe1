package microtome.probe.attribution;

import microtome.model.token.TokenSequence;
import microtome.probe.data.TokenLabels;

/** Methods that compare prompts position by position. */
final class EqualLength {
    private EqualLength() {}

    /** The other prompt, if it has as many tokens; else an error that shows both. */
    static TokenSequence require(String method, TokenSequence prompt, TokenSequence other) {
        if (prompt.size() != other.size()) {
            throw new IllegalArgumentException(
                    "%s compares position by position, but one prompt has %d tokens and the other %d; change words for words of as many tokens%n%s%n%s"
                            .formatted(method, prompt.size(), other.size(), row(prompt), row(other)));
        }
        return other;
    }

    private static String row(TokenSequence tokens) {
        var row = new StringBuilder();
        for (int position = 0; position < tokens.size(); position++) {
            row.append(position == 0 ? "" : " ")
                    .append("[%d]".formatted(position))
                    .append(TokenLabels.of(tokens.token(position)));
        }
        return row.toString();
    }
}
