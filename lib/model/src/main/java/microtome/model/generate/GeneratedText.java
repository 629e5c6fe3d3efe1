package microtome.model.generate;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import microtome.model.Activations;
import microtome.model.Site;
import microtome.model.Values;
import microtome.model.token.TokenSequence;

/**
 * What was written after one prompt.
 *
 * @param prompt what it goes on from
 * @param tokens what was written, the end-of-text token or the tokens of the stop string included
 * @param text what was written, up to the end of text or the stop string
 * @param ending why it went no further
 * @param logProbabilities of every written token in nats, by the model's own distribution before temperature and filters; empty
 *     unless asked for
 * @param alternatives the likeliest tokens at every written token, likeliest first; empty unless asked for
 * @param values of the sites that were watched, at every position that was run
 */
public record GeneratedText(
        TokenSequence prompt,
        TokenSequence tokens,
        String text,
        Ending ending,
        double[] logProbabilities,
        List<List<Candidate>> alternatives,
        Map<Site, Values> values) {

    /** Copies what could change. */
    public GeneratedText {
        logProbabilities = logProbabilities.clone();
        alternatives = List.copyOf(alternatives);
        values = Collections.unmodifiableMap(new TreeMap<>(values));
    }

    /** Ids of the written tokens. */
    public int[] ids() {
        return tokens.ids();
    }

    /** Prompt and written tokens in one. */
    public TokenSequence whole() {
        var all = new ArrayList<>(prompt.tokens());
        all.addAll(tokens.tokens());
        return new TokenSequence(all, prompt.text() + tokens.text());
    }

    /** The watched values, at all positions of {@link #whole} unless it was interrupted; as of one pass over it. */
    public Activations activations() {
        return new Activations(whole(), values);
    }

    /**
     * The values of one watched site.
     *
     * @throws IllegalArgumentException when it was not watched
     */
    public Values at(Site site) {
        Values found = values.get(site);
        if (found == null) {
            throw new IllegalArgumentException(
                    "site %s was not watched while this was written; watched were %s; ask for it with watching(Site...)"
                            .formatted(site, values.keySet()));
        }
        return found;
    }

    @Override
    public double[] logProbabilities() {
        return logProbabilities.clone();
    }

    @Override
    public String toString() {
        return text;
    }
}
