package microtome.cli;

import java.util.ArrayList;
import java.util.List;
import microtome.model.Site;

/** What {@code --sites} means. */
final class ChosenSites {
    private static final String ALL = "all";

    private ChosenSites() {}

    /** The sites of these names in this order, each once; the usual list when no name is given. */
    static List<Site> parse(List<String> names, int blocks) {
        if (names.isEmpty()) {
            return usual(blocks);
        }
        if (names.contains(ALL)) {
            if (names.size() > 1) {
                throw new IllegalArgumentException("--sites %s: all stands alone".formatted(String.join(",", names)));
            }
            return Site.all(blocks);
        }
        return names.stream()
                .map(name -> Site.parse(name.strip(), blocks))
                .distinct()
                .toList();
    }

    /** Every residual, the final norm, the logits and every pattern. */
    static List<Site> usual(int blocks) {
        var sites = new ArrayList<Site>();
        for (int depth = 0; depth <= blocks; depth++) {
            sites.add(Site.residual(depth));
        }
        sites.add(Site.finalNorm());
        sites.add(Site.logits());
        for (int block = 0; block < blocks; block++) {
            sites.add(Site.pattern(block));
        }
        return List.copyOf(sites);
    }
}
