package microtome.probe.data.prompt;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import microtome.model.LanguageModel;
import microtome.model.token.TokenSequence;
import microtome.model.token.Tokenizer;
import microtome.probe.data.PositionRule;

/** The tokens of every prompt of a set, and which of their positions are read. All is checked before anything runs. */
final class PromptTokens {
    private static final String MASSIVE =
            "of many models position 0 carries a massive activation, so that distances and means show mostly that";

    private final PromptSet set;
    private final List<TokenSequence> tokens;
    private final List<PositionRule> rules;
    private final String label;

    private PromptTokens(PromptSet set, List<TokenSequence> tokens, List<PositionRule> rules, String label) {
        this.set = set;
        this.tokens = tokens;
        this.rules = rules;
        this.label = label;
    }

    static PromptTokens of(LanguageModel model, PromptSet set, PositionRule rule) {
        List<TokenSequence> tokens = encode(model, set);
        for (int prompt = 0; prompt < tokens.size(); prompt++) {
            try {
                rule.count(tokens.get(prompt).size());
            } catch (IllegalArgumentException tooShort) {
                throw new IllegalArgumentException(
                        "%s; take another position or leave the prompt out: %s"
                                .formatted(tooShort.getMessage(), said(set, prompt)),
                        tooShort);
            }
        }
        return new PromptTokens(set, tokens, tokens.stream().map(_ -> rule).toList(), rule.label());
    }

    /** The last token of the word of every prompt. */
    static PromptTokens ofWords(LanguageModel model, PromptSet set) {
        List<TokenSequence> tokens = encode(model, set);
        List<PositionRule> rules = IntStream.range(0, set.size())
                .mapToObj(prompt ->
                        PositionRule.position(WordPosition.of(set.prompts().get(prompt), tokens.get(prompt))
                                .last()))
                .toList();
        return new PromptTokens(set, tokens, rules, "last token of the word");
    }

    private static List<TokenSequence> encode(LanguageModel model, PromptSet set) {
        Tokenizer tokenizer = model.tokenizer();
        List<TokenSequence> all = set.texts().stream().map(tokenizer::encode).toList();
        int context = model.config().context();
        for (int prompt = 0; prompt < all.size(); prompt++) {
            int length = all.get(prompt).size();
            if (length == 0 || length > context) {
                throw new IllegalArgumentException(
                        "%s has %d tokens; this model reads 1 to %d".formatted(said(set, prompt), length, context));
            }
        }
        return all;
    }

    private static String said(PromptSet set, int prompt) {
        return "prompt %d '%s'".formatted(prompt, set.prompts().get(prompt).text());
    }

    PromptSet set() {
        return set;
    }

    int size() {
        return tokens.size();
    }

    TokenSequence tokens(int prompt) {
        return tokens.get(prompt);
    }

    PositionRule rule(int prompt) {
        return rules.get(prompt);
    }

    /** What is read, in words. */
    String label() {
        return label;
    }

    /** What a reader of these prompts' states should be wary of. */
    List<String> remarks(int[] prompts) {
        var remarks = new ArrayList<String>();
        int[] first = Arrays.stream(prompts)
                .filter(prompt ->
                        rules.get(prompt).readsFirst(tokens.get(prompt).size()))
                .toArray();
        int[] alone = Arrays.stream(first)
                .filter(prompt -> tokens.get(prompt).size() == 1)
                .toArray();
        if (first.length > alone.length) {
            remarks.add("%d of %d prompts are read at position 0: %s".formatted(first.length, prompts.length, MASSIVE));
        } else if (alone.length > 0) {
            remarks.add(
                    "%d of %d prompts have one token, such as '%s', which is kept although it stands at position 0: %s"
                            .formatted(
                                    alone.length,
                                    prompts.length,
                                    set.prompts().get(alone[0]).text(),
                                    MASSIVE));
        }
        int[] added = Arrays.stream(prompts).filter(this::readsOnlyAdded).toArray();
        if (added.length > 0) {
            remarks.add(
                    "%d of %d prompts are read at a token that the tokenizer added, such as '%s', and not at one of their text"
                            .formatted(
                                    added.length,
                                    prompts.length,
                                    tokens.get(added[0]).token(-1).text()));
        }
        return remarks;
    }

    private boolean readsOnlyAdded(int prompt) {
        return rules.get(prompt).equals(PositionRule.LAST)
                && tokens.get(prompt).token(-1).isAdded();
    }
}
