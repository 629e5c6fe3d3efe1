package microtome.cli;

import java.util.ArrayList;
import java.util.List;
import microtome.model.Site;
import microtome.model.config.ModelConfig;

/** What {@code --sites} means. */
final class ChosenSites {
    private static final String ALL = "all";

    private ChosenSites() {}

    /** The sites of these names in this order, each once; the usual list when no name is given. */
    static List<Site> parse(List<String> names, ModelConfig config) {
        if (names.isEmpty()) {
            return usual(config);
        }
        if (names.contains(ALL)) {
            if (names.size() > 1) {
                throw new IllegalArgumentException("--sites %s: all stands alone".formatted(String.join(",", names)));
            }
            return Site.all(config);
        }
        return names.stream()
                .map(name -> Site.parse(name.strip(), config.blocks()).checkedFor(config))
                .distinct()
                .toList();
    }

    /** Every residual, the final norm, the logits and every pattern, where the model has them. */
    static List<Site> usual(ModelConfig config) {
        var sites = new ArrayList<Site>();
        for (int depth = 0; depth <= config.blocks(); depth++) {
            sites.add(Site.residual(depth));
        }
        if (config.hasLogits()) {
            sites.add(Site.finalNorm());
            sites.add(Site.logits());
        }
        for (int block = 0; block < config.blocks(); block++) {
            sites.add(Site.pattern(block));
        }
        return List.copyOf(sites);
    }
}
