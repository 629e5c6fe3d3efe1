package microtome;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import microtome.display.Displayable;
import microtome.display.Explanation;
import microtome.display.Table;
import microtome.model.LanguageModel;
import microtome.model.PromptTaps;
import microtome.model.Site;
import microtome.model.StepTap;
import microtome.model.Tap;
import microtome.model.edit.Edit;
import microtome.model.edit.Edits;
import microtome.model.generate.Generated;
import microtome.model.generate.Generation;
import microtome.model.generate.Listener;
import microtome.model.generate.LiveText;
import microtome.model.generate.Sampling;

/**
 * A plan to write on from prompts: up to 64 tokens, the likeliest every time, until the model ends its text. Nothing is computed
 * until a result is asked for, and every time it is the same; as the value of a cell the text grows there while it is written.
 *
 * <pre>{@code
 * lm.write("Once upon a time").tokens(100).temperature(0.8).topP(0.95).seed(1)
 * }</pre>
 */
public final class Writing implements Displayable {
    private final LanguageModel model;
    private final Generation request;
    private final PromptTaps taps;

    Writing(LanguageModel model, Generation request, PromptTaps taps) {
        this.model = model;
        this.request = request;
        this.taps = taps;
    }

    /** This with so many tokens at most. */
    public Writing tokens(int count) {
        return with(request.tokens(count));
    }

    /** This with the likeliest token every time. */
    public Writing greedy() {
        return with(request.greedy());
    }

    /** This with tokens drawn by chance, from logits over this temperature. */
    public Writing temperature(double value) {
        return with(request.sampling(sampling().temperature(value)));
    }

    /** This with tokens drawn from so many of the likeliest. */
    public Writing topK(int count) {
        return with(request.sampling(sampling().topK(count)));
    }

    /** This with tokens drawn from the smallest set of likeliest ones with this probability. */
    public Writing topP(double probability) {
        return with(request.sampling(sampling().topP(probability)));
    }

    /** This with tokens drawn from those with at least this share of the likeliest one's probability. */
    public Writing minP(double share) {
        return with(request.sampling(sampling().minP(share)));
    }

    /** This with tokens drawn by chance that repeats with this seed. */
    public Writing seed(long seed) {
        return with(request.sampling(sampling().seed(seed)));
    }

    /** This, ending before any of these texts. */
    public Writing stop(String... texts) {
        return with(request.stop(texts));
    }

    /** This, writing on behind tokens that end a text. */
    public Writing pastEndOfText() {
        return with(request.pastEndOfText());
    }

    /** This with every prompt so many times. */
    public Writing copies(int count) {
        return with(request.copies(count));
    }

    /** This with log probabilities of written tokens, and so many of the likeliest tokens beside each. */
    public Writing alternatives(int count) {
        return with(request.logProbabilities().alternatives(count));
    }

    /** This with the values of these sites at every position. */
    public Writing watching(Site... sites) {
        return with(request.watching(sites));
    }

    /**
     * This with edits in every pass; positions are those of the whole text, negative ones count from the end of the prompt.
     *
     * @throws IllegalArgumentException at the first result, if one cannot be made; the message says what can
     */
    public Writing with(Edit... edits) {
        return with(Edits.of(edits));
    }

    /** As {@link #with(Edit...)}, for edits that were put together before. */
    public Writing with(Edits edits) {
        return withEach(taps(edits, prompts -> edits.growing(model, prompts)));
    }

    /** Taps that say which edits they are. */
    static PromptTaps taps(Edits edits, PromptTaps taps) {
        return edits.isEmpty()
                ? PromptTaps.NONE
                : PromptTaps.described(edits.toString().replace("\n", "; "), taps);
    }

    /** This with a tap at every pass; {@link StepTap} tells it where the rows of a pass stand. */
    public Writing with(StepTap tap) {
        return withEach(PromptTaps.always(tap));
    }

    /** This with taps that depend on the prompts. */
    public Writing withEach(PromptTaps more) {
        return new Writing(model, request, PromptTaps.all(List.of(taps, more)));
    }

    /** This with the same tap at every pass. */
    public Writing with(Tap tap) {
        return with(StepTap.always(tap));
    }

    private Writing with(Generation other) {
        return new Writing(model, other, taps);
    }

    private Sampling sampling() {
        return request.choice() instanceof Sampling sampling ? sampling : Sampling.PLAIN;
    }

    /** The request, for code of one's own. */
    public Generation request() {
        return request;
    }

    /** Writes, and gives everything there is to know about it. */
    public Generated generated() {
        return request.runEach(model, taps, Listener.NONE);
    }

    /** Writes, and gives the text after the first prompt. */
    public String text() {
        return generated().text();
    }

    /** Writes, and gives the texts after all prompts. */
    public List<String> texts() {
        return generated().texts().stream().map(text -> text.text()).toList();
    }

    /** Writes, and gives one line per token. */
    public Table table() {
        return generated().table();
    }

    /** Writes, and says how. */
    public Explanation explain() {
        return generated().explain();
    }

    /** Writes, and hands the text of the first prompt on piece by piece while it comes. */
    public Generated stream(Consumer<String> reader) {
        return request.runEach(model, taps, (sequence, text) -> {
            if (sequence == 0) {
                reader.accept(text);
            }
        });
    }

    /** Writes into the cell: the text grows there while it comes. */
    public void show() {
        var live = LiveText.of(request);
        live.end(request.runEach(model, taps, live));
    }

    @Override
    public Map<String, Object> mimeBundle() {
        var live = LiveText.of(request);
        Generated generated = request.runEach(model, taps, live);
        live.clear();
        return generated.mimeBundle();
    }

    @Override
    public String toString() {
        return "up to %d tokens after %d prompts, %s; nothing is written yet: text(), show(), table() write"
                .formatted(request.tokens(), request.prompts().size(), request.choice());
    }
}
