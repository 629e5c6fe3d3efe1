package microtome.probe.data.prompt;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import microtome.display.InterruptedWorkException;
import microtome.display.Progress;
import microtome.model.LanguageModel;
import microtome.model.Site;
import microtome.model.Tap;
import microtome.model.token.TokenSequence;
import microtome.probe.data.Depths;
import microtome.probe.data.Origin;
import microtome.probe.data.PositionRule;
import microtome.tensor.Tensor;
import microtome.tensor.WaitInterruptedException;

/**
 * Sends prompts through a model in batches of one length, the shortest first, and keeps of each site one vector per prompt.
 * Nothing else of a batch outlives it.
 */
final class PromptReading {
    /** Tokens of one batch; more would hardly make products faster, and a stop throws the batch in work away. */
    private static final int TOKENS = 512;

    private final LanguageModel model;
    private final PromptTokens prompts;
    private final List<Site> sites;
    private final Map<Site, Integer> rows = new HashMap<>();
    private final float[][][] states;
    private int width = -1;

    PromptReading(LanguageModel model, PromptTokens prompts, List<Site> sites) {
        this.model = model;
        this.prompts = prompts;
        this.sites = List.copyOf(sites);
        this.states = new float[sites.size()][prompts.size()][];
        if (sites.isEmpty()) {
            throw new IllegalArgumentException("no site to read; give at least one, such as Site.residual(0)");
        }
        for (Site site : sites) {
            site.checkedFor(model.config());
            if (rows.put(site, rows.size()) != null) {
                throw new IllegalArgumentException("site %s is given twice; name each site once".formatted(site));
            }
        }
    }

    PromptStates read() {
        List<int[]> batches = batches();
        int done = 0;
        String stopped = "";
        try (var progress =
                Progress.of("prompts of '%s'".formatted(prompts.set().name()), prompts.size())) {
            for (int[] batch : batches) {
                run(batch);
                done += batch.length;
                progress.step(batch.length);
            }
        } catch (InterruptedWorkException | WaitInterruptedException interrupt) {
            if (done == 0) {
                throw interrupt;
            }
            Thread.interrupted(); // heard: what is done is handed on
            stopped = done == prompts.size() ? "" : interrupt.getMessage();
        }
        int[] read = batches.stream()
                .flatMapToInt(Arrays::stream)
                .limit(done)
                .sorted()
                .toArray();
        return result(read, stopped);
    }

    private PromptStates result(int[] read, String stopped) {
        PromptSet set = prompts.set();
        PromptSet kept = read.length == set.size() ? set : set.at(read);
        String inputs = "%d prompts of \"%s\", %s".formatted(kept.size(), set.name(), prompts.label());
        Origin origin = Origin.of(model, inputs, kept.sha256());
        if (!stopped.isEmpty()) {
            origin = origin.remark("stopped after %d of %d prompts, the shortest first: %s"
                    .formatted(read.length, set.size(), stopped));
        }
        for (String remark : prompts.remarks(read)) {
            origin = origin.remark(remark);
        }
        var picked = Arrays.stream(states)
                .map(layer ->
                        Arrays.stream(read).mapToObj(prompt -> layer[prompt]).toArray(float[][]::new))
                .toArray(float[][][]::new);
        return new PromptStates(kept, sites.stream().map(PromptReading::name).toList(), picked, origin);
    }

    private static String name(Site site) {
        return switch (site.kind()) {
            case RESIDUAL -> Depths.label(site.index());
            case FINAL_NORM -> Depths.FINAL_NORM;
            default -> site.name();
        };
    }

    /** The prompts in batches of one length each. */
    private List<int[]> batches() {
        var byLength = new TreeMap<Integer, List<Integer>>();
        for (int prompt = 0; prompt < prompts.size(); prompt++) {
            byLength.computeIfAbsent(prompts.tokens(prompt).size(), _ -> new ArrayList<>())
                    .add(prompt);
        }
        var batches = new ArrayList<int[]>();
        byLength.forEach((length, same) -> {
            int largest = Math.max(1, TOKENS / length);
            for (int from = 0; from < same.size(); from += largest) {
                batches.add(same.subList(from, Math.min(same.size(), from + largest)).stream()
                        .mapToInt(Integer::intValue)
                        .toArray());
            }
        });
        return batches;
    }

    private void run(int[] batch) {
        List<TokenSequence> sequences =
                Arrays.stream(batch).mapToObj(prompts::tokens).toList();
        model.run(sequences, new Tap() {
            @Override
            public boolean wants(Site site) {
                return rows.containsKey(site);
            }

            @Override
            public Tensor at(Site site, Tensor value) {
                keep(site, value, batch);
                return value;
            }
        });
    }

    private void keep(Site site, Tensor value, int[] batch) {
        int positions = prompts.tokens(batch[0]).size();
        if (value.shape().rank() != 3 || value.extent(1) != positions) {
            throw new IllegalArgumentException(
                    "site %s is %s for %d prompts of %d tokens; prompts are read at sites of one vector per position, such as residual.N, attention_output.N, mlp_output.N"
                            .formatted(site, value.shape(), batch.length, positions));
        }
        int here = Math.toIntExact(value.extent(2));
        if (width >= 0 && width != here) {
            throw new IllegalArgumentException(
                    "site %s is %d wide, another one %d; read sites of different widths one after another"
                            .formatted(site, here, width));
        }
        width = here;
        float[] all = value.toFloats();
        for (int i = 0; i < batch.length; i++) {
            float[] own = Arrays.copyOfRange(all, i * positions * here, (i + 1) * positions * here);
            checkFinite(site, batch[i], own);
            states[rows.get(site)][batch[i]] = point(prompts.rule(batch[i]), own, positions);
        }
    }

    private static float[] point(PositionRule rule, float[] own, int positions) {
        double[] point = rule.point(own, positions);
        var rounded = new float[point.length];
        for (int i = 0; i < point.length; i++) {
            rounded[i] = (float) point[i];
        }
        return rounded;
    }

    private void checkFinite(Site site, int prompt, float[] values) {
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                throw new ArithmeticException(
                        "%s of prompt %d '%s', position %d, element %d is %s: the model's values left the range of its number type; run it in F32, and check the weight file if it already does"
                                .formatted(
                                        site,
                                        prompt,
                                        prompts.set().prompts().get(prompt).text(),
                                        i / width,
                                        i % width,
                                        values[i]));
            }
        }
    }
}
