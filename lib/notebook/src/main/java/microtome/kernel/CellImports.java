package microtome.kernel;

import java.util.List;

/** The names that a notebook cell may use without importing them. */
final class CellImports {
    static final List<String> NAMES = List.of(
            "java.util.stream.*",
            "microtome.*",
            "microtome.display.*",
            "microtome.model.Head",
            "microtome.model.LoadOptions",
            "microtome.model.Precision",
            "microtome.model.Site",
            "microtome.model.StepTap",
            "microtome.model.Tap",
            "microtome.model.Values",
            "microtome.model.Weights",
            "microtome.model.corpus.document.Documents",
            "microtome.model.edit.Edit",
            "microtome.model.edit.Edits",
            "microtome.model.edit.Positions",
            "microtome.model.generate.Generated",
            "microtome.model.generate.Generation",
            "microtome.model.generate.Sampling",
            "microtome.model.token.Message",
            "microtome.model.token.TokenSequence",
            "microtome.probe.attention.*",
            "microtome.probe.attribution.*",
            "microtome.probe.concept.*",
            "microtome.probe.concept.cluster.*",
            "microtome.probe.concept.comparison.*",
            "microtome.probe.concept.evaluation.*",
            "microtome.probe.concept.linear.*",
            "microtome.probe.concept.tribuo.Scaling",
            "microtome.probe.data.*",
            "microtome.probe.data.prompt.*",
            "microtome.probe.data.statistics.*",
            "microtome.probe.depth.*",
            "microtome.probe.depth.mapping.*",
            "microtome.probe.depth.reading.*",
            "microtome.probe.dimension.*",
            "microtome.probe.dimension.principal.*",
            "microtome.probe.geometry.*",
            "microtome.probe.geometry.control.*",
            "microtome.probe.geometry.prompts.*",
            "microtome.probe.lens.*",
            "microtome.probe.patching.*",
            "microtome.probe.similarity.*",
            "microtome.probe.update.*");

    private CellImports() {}
}
