package microtome.model.generate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import microtome.display.InterruptedWorkException;
import microtome.model.LanguageModel;
import microtome.model.PromptTaps;
import microtome.model.token.Token;
import microtome.tensor.WaitInterruptedException;

/** Answers one request: prompts of one length are written on side by side, shorter ones before longer ones. */
final class Writer {
    /** As many rows go through one kernel of the engine, whose sums do not depend on how many they are. */
    private static final int LARGEST_BATCH = 64;

    private final Generation request;
    private final LanguageModel model;
    private final PromptTaps taps;
    private final Listener listener;

    Writer(Generation request, LanguageModel model, PromptTaps taps, Listener listener) {
        this.request = request;
        this.model = model;
        this.taps = taps;
        this.listener = listener;
        requirePossible();
    }

    private void requirePossible() {
        int context = model.config().context();
        int longest = request.longestPrompt();
        if (longest > context) {
            throw new IllegalArgumentException(
                    "generation: a prompt has %d tokens, the model's context is %d; shorten it by %d tokens, and by one more for each token to be written"
                            .formatted(longest, context, longest - context));
        }
        if (!request.stops().texts().isEmpty() && !model.hasTokenizer()) {
            throw new IllegalArgumentException(
                    "generation: stop strings %s are looked for in the text, and model %s came without a tokenizer; leave them out, or put its tokenizer.json beside the weights"
                            .formatted(request.stops().texts(), model.card().name()));
        }
        request.watching().sites().forEach(site -> site.checkedFor(model.config()));
    }

    Generated write() {
        long began = System.nanoTime();
        List<Growing> sequences = sequences();
        boolean stopped = false;
        for (List<Growing> batch : batches(sequences)) {
            stopped = stopped || !completes(batch);
        }
        sequences.forEach(Growing::interrupt); // those that have not ended by now
        return new Generated(
                model.card(),
                LanguageModel.libraryVersion(),
                request,
                taps.words(),
                sequences.stream().map(Growing::result).toList(),
                (System.nanoTime() - began) / 1e9);
    }

    private List<Growing> sequences() {
        var lexicon = Lexicon.of(model);
        Map<List<Integer>, Integer> copies = new HashMap<>();
        return IntStream.range(0, request.prompts().size())
                .mapToObj(index -> {
                    List<Integer> ids = request.prompts().get(index).tokens().stream()
                            .map(Token::id)
                            .toList();
                    int copy = copies.merge(ids, 1, Integer::sum) - 1;
                    return new Growing(
                            request, lexicon, index, copy, model.config().context() - ids.size());
                })
                .toList();
    }

    private static List<List<Growing>> batches(List<Growing> sequences) {
        var byLength = new TreeMap<Integer, List<Growing>>();
        sequences.forEach(sequence -> byLength.computeIfAbsent(sequence.prompt().size(), _ -> new ArrayList<>())
                .add(sequence));
        var batches = new ArrayList<List<Growing>>();
        for (List<Growing> equal : byLength.values()) {
            for (int from = 0; from < equal.size(); from += LARGEST_BATCH) {
                batches.add(equal.subList(from, Math.min(from + LARGEST_BATCH, equal.size())));
            }
        }
        return batches;
    }

    /** False when somebody interrupted it, which is then heard and cleared: the result says so. */
    private boolean completes(List<Growing> batch) {
        try (var together = new SideBySide(request, model, taps, listener)) {
            together.write(batch);
            return true;
        } catch (InterruptedWorkException stopped) {
            return false;
        } catch (WaitInterruptedException stopped) {
            Thread.interrupted();
            return false;
        }
    }
}
