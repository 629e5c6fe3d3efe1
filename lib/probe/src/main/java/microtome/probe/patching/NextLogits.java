package microtome.probe.patching;

import java.util.List;
import java.util.function.Function;
import microtome.model.Harvest;
import microtome.model.LanguageModel;
import microtome.model.Site;
import microtome.model.edit.RunPlan;
import microtome.tensor.Tensor;

/** The logits after the last token of a prompt, and of it alone where nothing behind the blocks is edited. */
final class NextLogits {
    private static final Site FIRST_AFTER_BLOCKS = new Site(Site.Kind.FINAL_NORM_SCALE, 0);

    private NextLogits() {}

    /** Reads the logits {@code [1, vocabulary]} of a run. */
    static <T> T read(RunPlan run, Function<Tensor, T> reader) {
        LanguageModel model = run.model();
        boolean editedAfterBlocks = run.edits().list().stream()
                .flatMap(edit -> edit.place().sites().stream())
                .anyMatch(site -> site.compareTo(FIRST_AFTER_BLOCKS) >= 0);
        Site site =
                editedAfterBlocks ? Site.logits() : Site.residual(model.config().blocks());
        try (var scope = model.engine().openScope()) {
            var harvest = new Harvest(scope, List.of(site));
            run.run(harvest);
            Tensor last = lastOf(harvest.get(site));
            return reader.apply(editedAfterBlocks ? last : model.unembed(last));
        }
    }

    /** The last position of {@code [sequences, positions, width]}: {@code [sequences, width]}. */
    static Tensor lastOf(Tensor value) {
        long positions = value.extent(1);
        return value.slice(1, positions - 1, positions).reshape(value.extent(0), value.extent(2));
    }
}
