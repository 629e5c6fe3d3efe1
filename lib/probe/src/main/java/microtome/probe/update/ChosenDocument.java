package microtome.probe.update;

import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.stream.IntStream;
import microtome.display.Progress;
import microtome.model.LanguageModel;
import microtome.model.corpus.CorpusHarvest;
import microtome.model.corpus.document.Document;
import microtome.model.corpus.document.DocumentCursor;
import microtome.model.token.TokenSequence;

/**
 * A held-out document with the positions whose states are replaced.
 *
 * @param number of the document in the corpus
 * @param tokens its beginning
 * @param positions in order
 */
record ChosenDocument(long number, TokenSequence tokens, List<Integer> positions) {
    private record Candidate(long priority, long number, TokenSequence tokens) {}

    /** The held-out documents with the smallest priorities that have a token to replace, in the order of the corpus. */
    static List<ChosenDocument> choose(FitSource source, PerturbationOptions options) {
        var split = new DocumentSplit(source.options().seed());
        int first = source.options().keepFirst() ? 0 : 1;
        var best = new PriorityQueue<Candidate>(
                Comparator.comparingLong(Candidate::priority).reversed());
        try (DocumentCursor cursor = source.harvest().documents().open()) {
            while (cursor.hasNext()) {
                Progress.stopIfInterrupted("choosing documents");
                Document document = cursor.next();
                if (split.isFit(document.number()) || document.isEmpty()) {
                    continue;
                }
                TokenSequence tokens = beginning(source, document, options.length());
                if (tokens.size() > first) {
                    best.add(new Candidate(split.priority(document.number(), -2), document.number(), tokens));
                }
                if (best.size() > options.documents()) {
                    best.remove();
                }
            }
        }
        return best.stream()
                .sorted(Comparator.comparingLong(Candidate::number))
                .map(chosen -> new ChosenDocument(
                        chosen.number(), chosen.tokens(), positions(split, chosen, first, options.tokens())))
                .toList();
    }

    private static List<Integer> positions(DocumentSplit split, Candidate document, int first, int most) {
        return IntStream.range(first, document.tokens().size())
                .boxed()
                .sorted(Comparator.comparingLong(position -> split.priority(document.number(), position)))
                .limit(most)
                .sorted()
                .toList();
    }

    private static TokenSequence beginning(FitSource source, Document document, int length) {
        LanguageModel model = source.model();
        TokenSequence tokens = switch (document.content()) {
            case Document.Content.Tokens(TokenSequence given) -> given;
            case Document.Content.Text(String text) -> model.tokenizer().encode(text);
        };
        CorpusHarvest harvest = source.harvest();
        int most = Math.min(
                Math.min(length, harvest.options().length()), model.config().context());
        return tokens.size() <= most
                ? tokens
                : new TokenSequence(tokens.tokens().subList(0, most), tokens.text());
    }
}
