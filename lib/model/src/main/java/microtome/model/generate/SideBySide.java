package microtome.model.generate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.IntStream;
import microtome.display.Progress;
import microtome.model.Continuation;
import microtome.model.LanguageModel;
import microtome.model.PromptTaps;
import microtome.model.StepTap;
import microtome.model.Tap;
import microtome.tensor.Tensor;

/**
 * Writes on from prompts of one length. Each prompt is read as if it were alone; then all take their steps together, and one
 * that has ended leaves. When values are watched, it leaves after its last token has been run.
 */
final class SideBySide implements AutoCloseable {
    private final Generation request;
    private final LanguageModel model;
    private final PromptTaps taps;
    private final Listener listener;
    private final List<Growing> rows = new ArrayList<>();
    private final List<Continuation> open = new ArrayList<>(); // one per prompt at first, then one for all

    SideBySide(Generation request, LanguageModel model, PromptTaps taps, Listener listener) {
        this.request = request;
        this.model = model;
        this.taps = taps;
        this.listener = listener;
    }

    void write(List<Growing> prompts) {
        byPrompt(prompts).forEach(this::read);
        if (open.size() > 1) {
            var together = Continuation.together(open);
            open.clear();
            open.add(together);
        }
        StepTap steps = behind(rows);
        while (!rows.isEmpty()) {
            List<Growing> finished = pass(open.getFirst(), rows, steps);
            if (!finished.isEmpty()) {
                leave(finished);
                steps = behind(rows);
            }
        }
    }

    private StepTap behind(List<Growing> sequences) {
        return sequences.isEmpty()
                ? StepTap.NONE
                : taps.behind(sequences.stream().map(Growing::prompt).toList());
    }

    private Collection<List<Growing>> byPrompt(List<Growing> prompts) {
        var copies = new LinkedHashMap<List<Integer>, List<Growing>>();
        prompts.stream()
                .filter(prompt -> watches() || !prompt.hasEnded())
                .forEach(prompt -> copies.computeIfAbsent(prompt.promptIds(), _ -> new ArrayList<>())
                        .add(prompt));
        return copies.values();
    }

    /** Copies of a prompt are read once and part with their first tokens. */
    private void read(List<Growing> copies) {
        var alone = model.continuation();
        open.add(alone);
        List<Growing> finished = pass(alone, copies, behind(copies.subList(0, 1)));
        open.removeLast();
        if (finished.size() == copies.size()) {
            alone.close();
        }
        copies.stream().filter(copy -> !finished.contains(copy)).forEach(copy -> {
            rows.add(copy);
            open.add(alone);
        });
    }

    /**
     * Runs what is next and writes one token of each sequence that goes on; gives those that need no further pass. At the first
     * position all sequences are copies, and one row stands for all.
     */
    private List<Growing> pass(Continuation continuation, List<Growing> sequences, StepTap steps) {
        Progress.stopIfInterrupted("generation");
        boolean shared = continuation.positions() == 0;
        List<Growing> over = ended(sequences);
        var next = (shared ? sequences.subList(0, 1) : sequences)
                .stream().map(Growing::next).toList();
        var watching = new WatchingTap(request.watching().sites());
        Tap edits = steps.from(continuation.positions());
        Tap tap = watches() ? Tap.all(List.of(edits, watching)) : edits;
        if (over.size() == sequences.size()) {
            continuation.run(next, tap);
            watching.give(sequences, shared);
        } else {
            try (var _ = model.engine().openScope()) {
                Tensor logits = continuation.nextLogits(next, tap);
                watching.give(sequences, shared);
                choose(logits, sequences, shared);
            }
        }
        return watches() ? over : ended(sequences);
    }

    private static List<Growing> ended(List<Growing> sequences) {
        return sequences.stream().filter(Growing::hasEnded).toList();
    }

    private boolean watches() {
        return !request.watching().sites().isEmpty();
    }

    /** The likeliest tokens are found on the engine; for all else the logits leave it. */
    private void choose(Tensor logits, List<Growing> sequences, boolean shared) {
        boolean onEngine =
                request.choice() instanceof Greedy && !request.watching().logProbabilities();
        int[] ids = onEngine ? logits.topK(1).toInts() : null;
        float[] values = onEngine ? null : logits.toFloats();
        int vocabulary = Math.toIntExact(logits.extent(1));
        for (int index = 0; index < sequences.size(); index++) {
            int row = shared ? 0 : index;
            Growing sequence = sequences.get(index);
            if (sequence.hasEnded()) {
                continue;
            }
            if (onEngine) {
                sequence.write(ids[row], listener);
            } else {
                sequence.write(Arrays.copyOfRange(values, row * vocabulary, (row + 1) * vocabulary), listener);
            }
        }
    }

    private void leave(List<Growing> finished) {
        int[] staying = IntStream.range(0, rows.size())
                .filter(row -> !finished.contains(rows.get(row)))
                .toArray();
        rows.removeAll(finished);
        if (staying.length > 0) {
            open.getFirst().keep(staying);
        }
    }

    @Override
    public void close() {
        open.forEach(Continuation::close);
    }
}
