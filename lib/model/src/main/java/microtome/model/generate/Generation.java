package microtome.model.generate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import microtome.model.LanguageModel;
import microtome.model.PromptTaps;
import microtome.model.Site;
import microtome.model.StepTap;
import microtome.model.token.TokenSequence;

/**
 * A request to write on from prompts. A value: nothing is computed until {@link #run}, and every run of it gives the same.
 *
 * <pre>{@code
 * Generation.of(prompt).tokens(64).sampling(Sampling.PLAIN.temperature(0.8).seed(1)).run(model)
 * }</pre>
 *
 * <p>Prompts may have any lengths. What is written after one does not depend on the others.
 *
 * @param prompts at least one, each with at least one token
 * @param tokens how many tokens are written at most
 * @param choice how each is chosen
 * @param stops what ends a sequence earlier
 * @param watching what is kept besides the text
 */
public record Generation(List<TokenSequence> prompts, int tokens, Choice choice, Stops stops, Watching watching) {
    private static final int TOKENS = 64;

    /** Checks that there is something to go on from. */
    public Generation {
        prompts = List.copyOf(prompts);
        Objects.requireNonNull(choice, "choice");
        Objects.requireNonNull(stops, "stops");
        Objects.requireNonNull(watching, "watching");
        if (prompts.isEmpty()) {
            throw new IllegalArgumentException("generation: no prompts given; give at least one");
        }
        if (tokens < 1) {
            throw new IllegalArgumentException(
                    "generation of %d tokens: give how many to write at most, 1 or more".formatted(tokens));
        }
        for (int index = 0; index < prompts.size(); index++) {
            if (prompts.get(index).isEmpty()) {
                throw new IllegalArgumentException(
                        "generation: prompt %d of %d has no tokens, and a model writes on from at least one; give a text of at least one character"
                                .formatted(index, prompts.size()));
            }
        }
    }

    /** Up to 64 tokens after each of these prompts, greedily, until the model ends its text. */
    public static Generation of(TokenSequence... prompts) {
        return of(Arrays.asList(prompts));
    }

    /** Up to 64 tokens after each of these prompts, greedily, until the model ends its text. */
    public static Generation of(List<TokenSequence> prompts) {
        return new Generation(prompts, TOKENS, new Greedy(), Stops.END_OF_TEXT, Watching.NOTHING);
    }

    /** This with so many tokens at most. */
    public Generation tokens(int count) {
        return new Generation(prompts, count, choice, stops, watching);
    }

    /** This with the likeliest token every time. */
    public Generation greedy() {
        return choice(new Greedy());
    }

    /** This with tokens drawn by chance. */
    public Generation sampling(Sampling sampling) {
        return choice(sampling);
    }

    /** This with another way to choose tokens. */
    public Generation choice(Choice other) {
        return new Generation(prompts, tokens, other, stops, watching);
    }

    /** This, ending before any of these texts too. */
    public Generation stop(String... texts) {
        var all = new ArrayList<>(stops.texts());
        all.addAll(Arrays.asList(texts));
        return new Generation(prompts, tokens, choice, new Stops(stops.endOfText(), all), watching);
    }

    /** This, writing on behind tokens that end a text. */
    public Generation pastEndOfText() {
        return new Generation(prompts, tokens, choice, new Stops(false, stops.texts()), watching);
    }

    /** This with the log probability of every written token. */
    public Generation logProbabilities() {
        return watching(new Watching(true, watching.alternatives(), watching.sites()));
    }

    /** This with the log probabilities of written tokens, and so many of the likeliest tokens beside each. */
    public Generation alternatives(int count) {
        return watching(new Watching(watching.logProbabilities(), count, watching.sites()));
    }

    /** This with the values of more sites, at every position of prompt and written tokens. */
    public Generation watching(Site... sites) {
        var all = new ArrayList<>(watching.sites());
        all.addAll(Arrays.asList(sites));
        return watching(new Watching(watching.logProbabilities(), watching.alternatives(), all));
    }

    private Generation watching(Watching other) {
        return new Generation(prompts, tokens, choice, stops, other);
    }

    /** This with every prompt so many times, each copy with random numbers of its own. */
    public Generation copies(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("%d copies of each prompt: give 1 or more".formatted(count));
        }
        List<TokenSequence> repeated = prompts.stream()
                .flatMap(prompt -> Collections.nCopies(count, prompt).stream())
                .toList();
        return new Generation(repeated, tokens, choice, stops, watching);
    }

    /** Writes. */
    public Generated run(LanguageModel model) {
        return run(model, StepTap.NONE, Listener.NONE);
    }

    /** Writes, with a tap at every pass. */
    public Generated run(LanguageModel model, StepTap taps) {
        return run(model, taps, Listener.NONE);
    }

    /**
     * Writes, with a tap at every pass and somebody who hears the text while it is written. A thread that is interrupted
     * meanwhile gets what was written so far, and its interrupt is then cleared.
     *
     * @throws IllegalArgumentException for a prompt longer than the context, a token or site that the model does not have, or a
     *     stop string where there is no tokenizer
     */
    public Generated run(LanguageModel model, StepTap taps, Listener listener) {
        return runEach(model, PromptTaps.always(taps), listener);
    }

    /** As {@link #run(LanguageModel, StepTap, Listener)}, with taps that depend on the prompts. */
    public Generated runEach(LanguageModel model, PromptTaps taps, Listener listener) {
        return new Writer(this, model, taps, listener).write();
    }

    /** How many positions the longest prompt has. */
    int longestPrompt() {
        return prompts.stream().mapToInt(TokenSequence::size).max().orElseThrow();
    }
}
