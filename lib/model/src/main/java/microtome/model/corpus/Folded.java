package microtome.model.corpus;

import java.util.List;
import java.util.Map;
import microtome.display.Displayable;
import microtome.display.Explanation;
import microtome.model.Site;

/**
 * What folds found in a corpus.
 *
 * @param results by site, in the order of computation
 * @param coverage how much of the corpus was read; after an interrupt not all of it
 * @param explanation where the numbers come from
 */
public record Folded<R>(Map<Site, R> results, Coverage coverage, Explanation explanation) implements Displayable {

    /** The sites that were listened to. */
    public List<Site> sites() {
        return List.copyOf(results.keySet());
    }

    /** The result at one site. */
    public R at(Site site) {
        R found = results.get(site);
        if (found != null) {
            return found;
        }
        if (!results.isEmpty()) {
            throw new IllegalArgumentException(
                    "site %s was not folded; folded were %s".formatted(site, results.keySet()));
        }
        throw new IllegalArgumentException(
                coverage.complete()
                        ? "site %s: no text is longer than the first positions that are skipped; give longer texts or a smaller skipFirst"
                                .formatted(site)
                        : "site %s: nothing was folded, as the harvest was stopped before its first batch"
                                .formatted(site));
    }

    /** Where the numbers come from: model, corpus, options, how much was read. */
    public Explanation explain() {
        return explanation;
    }

    @Override
    public Map<String, Object> mimeBundle() {
        return explanation.mimeBundle();
    }

    @Override
    public String toString() {
        return "%s; %s".formatted(results, coverage);
    }
}
