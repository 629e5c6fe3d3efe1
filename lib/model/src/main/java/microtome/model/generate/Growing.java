package microtome.model.generate;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import microtome.model.token.Token;
import microtome.model.token.TokenSequence;

/** One sequence while it is written. */
final class Growing {
    private final int index;
    private final Generation request;
    private final TokenSequence prompt;
    private final Lexicon lexicon;
    private final int limit;
    private final RandomStream random; // null when nothing is left to chance
    private final GrowingText text;
    private final Watched watched;
    private final List<Token> written = new ArrayList<>();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final List<Double> logProbabilities = new ArrayList<>();
    private final List<List<Candidate>> alternatives = new ArrayList<>();
    private Ending ending; // null while it goes on

    /**
     * A prompt with nothing written.
     *
     * @param index of the prompt in the request
     * @param copy how many equal prompts came before it
     * @param room how many tokens the context has left after it
     */
    Growing(Generation request, Lexicon lexicon, int index, int copy, int room) {
        this.index = index;
        this.request = request;
        this.prompt = request.prompts().get(index);
        this.lexicon = lexicon;
        this.limit = Math.min(request.tokens(), room);
        this.ending = limit == 0 ? Ending.CONTEXT : null;
        this.random = request.choice() instanceof Sampling sampling
                ? RandomStream.of(sampling.seed(), prompt.ids(), copy)
                : null;
        this.text = new GrowingText(
                request.stops().texts(),
                prompt.tokens().stream().map(Token::bytes).toList());
        this.watched = new Watched(request.watching().sites());
    }

    TokenSequence prompt() {
        return prompt;
    }

    List<Integer> promptIds() {
        return prompt.tokens().stream().map(Token::id).toList();
    }

    Watched watched() {
        return watched;
    }

    /** What the next pass reads: the prompt at first, then the last token. */
    TokenSequence next() {
        if (written.isEmpty()) {
            return prompt;
        }
        Token last = written.getLast();
        return new TokenSequence(List.of(last), last.text());
    }

    /** Whether no more tokens are chosen for it. */
    boolean hasEnded() {
        return ending != null;
    }

    /** Chooses the next token by these logits and takes it. */
    void write(float[] logits, Listener listener) {
        int id = switch (request.choice()) {
            case Greedy _ -> Logits.likeliest(logits);
            case Sampling sampling -> Distribution.of(sampling, logits).at(random.nextDouble());
        };
        if (request.watching().logProbabilities()) {
            double all = Logits.logSumExp(logits);
            logProbabilities.add(logits[id] - all);
            alternatives.add(Logits.likeliest(logits, request.watching().alternatives()).stream()
                    .map(other -> new Candidate(lexicon.token(other), logits[other] - all))
                    .toList());
        }
        write(id, listener);
    }

    /** Takes the next token. */
    void write(int id, Listener listener) {
        Token token = lexicon.token(id);
        written.add(token);
        byte[] more = lexicon.bytes(token);
        bytes.writeBytes(more);
        boolean ends = request.stops().endOfText() && lexicon.endsText(id);
        if (!ends) {
            text.append(more);
        }
        ending = ends ? Ending.END_OF_TEXT : endingNow();
        tell(listener);
    }

    private Ending endingNow() {
        if (text.isStopped()) {
            return Ending.STOP_STRING;
        }
        if (written.size() < limit) {
            return null;
        }
        return limit < request.tokens() ? Ending.CONTEXT : Ending.LENGTH;
    }

    private void tell(Listener listener) {
        if (hasEnded()) {
            text.end();
        }
        String news = text.news(hasEnded());
        if (!news.isEmpty()) {
            listener.wrote(index, news);
        }
    }

    /** Says that nothing more will be written, if that is not so already. */
    void interrupt() {
        if (!hasEnded()) {
            ending = Ending.INTERRUPTED;
            text.end();
        }
    }

    GeneratedText result() {
        return new GeneratedText(
                prompt,
                new TokenSequence(written, bytes.toString(StandardCharsets.UTF_8)),
                text.toString(),
                ending,
                logProbabilities.stream().mapToDouble(Double::doubleValue).toArray(),
                alternatives,
                watched.values());
    }
}
