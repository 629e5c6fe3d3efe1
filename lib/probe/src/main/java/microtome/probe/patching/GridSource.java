package microtome.probe.patching;

import java.util.List;
import java.util.stream.IntStream;
import microtome.display.Explanation;
import microtome.model.LanguageModel;
import microtome.probe.data.Depths;
import microtome.probe.data.Provenance;

/** Where a grid comes from, and how its cells are called. */
record GridSource(
        Provenance clean,
        Provenance corrupt,
        String metric,
        PatchedPart part,
        List<String> rows,
        List<String> columns) {
    private static final String PAPER = "https://arxiv.org/abs/2202.05262";

    static GridSource of(PromptPair prompts, AnswerMetric metric, PatchedPart part) {
        LanguageModel model = prompts.model();
        int blocks = model.config().blocks();
        List<String> rows = part == PatchedPart.RESIDUAL
                ? Depths.labels(0, blocks - 1)
                : IntStream.range(0, blocks).mapToObj(Integer::toString).toList();
        List<String> columns = part == PatchedPart.HEAD
                ? IntStream.range(0, model.config().heads())
                        .mapToObj(Integer::toString)
                        .toList()
                : prompts.labels();
        return new GridSource(
                Provenance.of(model, prompts.clean()),
                Provenance.of(model, prompts.corrupt()),
                metric.formula(),
                part,
                rows,
                columns);
    }

    String rowTitle() {
        return part == PatchedPart.RESIDUAL ? "depth" : "block";
    }

    String columnTitle() {
        return part == PatchedPart.HEAD ? "head" : "token (clean/corrupt)";
    }

    String title() {
        return "Activation patching: %s, %s".formatted(part.label(), metric);
    }

    Explanation explanation(String formula) {
        Explanation definition =
                Explanation.of("activation patching, " + part.label(), formula).n((long) rows.size() * columns.size());
        definition = Facts.labelled(definition, "F", metric + " after the last token");
        definition = Facts.labelled(definition, "clean tokens", String.join(" ", clean.labels()));
        return corrupt.on(definition).paper(PAPER);
    }
}
