package microtome.probe.concept;

import java.util.List;
import java.util.stream.IntStream;
import microtome.model.LanguageModel;
import microtome.model.Site;
import microtome.probe.data.Depths;

/** Which value of every layer is probed. */
public enum ConceptSite {
    /** The residual stream at every depth, from the embedding on. */
    RESIDUAL("residual stream"),
    /** What the MLP of every block reads: the stream after the norm behind attention, as the paper's code takes it. */
    MLP_INPUT("input of the MLP");

    private final String label;

    ConceptSite(String label) {
        this.label = label;
    }

    /** The value in words. */
    public String label() {
        return label;
    }

    /** The sites of a model, in order. */
    public List<Site> sites(LanguageModel model) {
        int blocks = model.config().blocks();
        return switch (this) {
            case RESIDUAL ->
                IntStream.rangeClosed(0, blocks).mapToObj(Site::residual).toList();
            case MLP_INPUT ->
                IntStream.range(0, blocks)
                        .mapToObj(block -> new Site(Site.Kind.MLP_INPUT, block))
                        .toList();
        };
    }

    /** What these are called in results: by depth, blocks counted from 1. */
    public List<String> labels(LanguageModel model) {
        return Depths.labels(this == RESIDUAL ? 0 : 1, model.config().blocks());
    }
}
