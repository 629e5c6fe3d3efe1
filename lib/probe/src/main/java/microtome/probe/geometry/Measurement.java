package microtome.probe.geometry;

import java.util.List;
import microtome.display.Explanation;
import microtome.probe.data.Provenance;

/** What every number about one path carries: where it comes from, which points were taken, and what to be wary of. */
record Measurement(Provenance provenance, String points, List<String> warnings) {
    private static final String PAPER = "https://arxiv.org/abs/2606.09287";

    Measurement {
        warnings = List.copyOf(warnings);
    }

    Explanation explanation(String name, String formula) {
        Explanation explanation = provenance
                .on(Explanation.of(name, formula).fact("points", points))
                .paper(PAPER);
        for (String warning : warnings) {
            explanation = explanation.note(warning);
        }
        return explanation;
    }
}
