package microtome.cli;

import java.util.ArrayList;
import java.util.List;
import microtome.model.Harvest;
import microtome.model.LanguageModel;
import microtome.model.Site;
import microtome.model.token.TokenSequence;

/**
 * Compares a model with expected values under the names of Hugging Face {@code transformers}: {@code hidden_states.l} is
 * the residual stream after {@code l} blocks, except the last, which stands after the final norm if there is one.
 */
final class Parity {
    /** Largest absolute difference allowed between two F32 implementations on models of this size. */
    static final double BOUND = 2e-5;

    private final LanguageModel model;
    private final ExpectedValues expected;
    private final List<TokenSequence> prompts;

    private Parity(LanguageModel model, ExpectedValues expected) {
        this.model = model;
        this.expected = expected;
        this.prompts = expected.prompts();
    }

    /** One comparison for every expected tensor, in the order of the file. */
    static List<Comparison> compare(LanguageModel model, ExpectedValues expected) {
        return new Parity(model, expected).compare();
    }

    private List<Comparison> compare() {
        var comparisons = new ArrayList<Comparison>();
        try (var scope = model.engine().openScope()) {
            var harvest = new Harvest(scope, sites());
            model.run(prompts, harvest);
            for (String name : expected.names()) {
                comparisons.add(compare(name, harvest));
            }
        }
        return comparisons;
    }

    private List<Site> sites() {
        var sites = new ArrayList<Site>();
        for (int block = 0; block < model.config().blocks(); block++) {
            sites.add(Site.residual(block));
            sites.add(Site.pattern(block));
        }
        if (model.config().hasLogits()) {
            sites.add(Site.logits());
        }
        sites.add(last());
        return sites;
    }

    private Comparison compare(String name, Harvest harvest) {
        return switch (name.replaceAll("\\d+$", "N")) {
            case "hidden_states.N" -> compare(name, hiddenState(number(name)), harvest);
            case "attentions.N" -> compare(name, Site.pattern(number(name)).checkedFor(model.config()), harvest);
            case "logits" -> compare(name, Site.logits(), harvest);
            case "loss" ->
                Comparison.of(name, expected.numbers(name), "loss of the logits", new float[] {loss(harvest)});
            case "loss_from_embeds" ->
                Comparison.skipped(name, "not checked: the reference's own check of its gradient");
            case "greedy" -> greedy(name);
            case "grad.inputs_embeds" ->
                Comparison.of(name, expected.numbers(name), "gradient at residual.0", LossGradient.of(model, prompts));
            default -> Comparison.skipped(name, "not checked: no value of this library has this name");
        };
    }

    private Comparison compare(String name, Site site, Harvest harvest) {
        return Comparison.of(
                name, expected.numbers(name), site.name(), harvest.get(site).toFloats());
    }

    private Site hiddenState(int number) {
        int blocks = model.config().blocks();
        return number == blocks ? last() : Site.residual(number).checkedFor(model.config());
    }

    /** What the Python library calls the last hidden state; of an encoder it is the last stream. */
    private Site last() {
        return model.config().hasLogits()
                ? Site.finalNorm()
                : Site.residual(model.config().blocks());
    }

    private Comparison greedy(String name) {
        long[] reference = expected.tokens(name);
        return Comparison.ofTokens(name, reference, model.greedy(prompts.getFirst(), reference.length));
    }

    /** Mean cross-entropy of every next token, in nats. */
    private float loss(Harvest harvest) {
        float[] logits = harvest.get(Site.logits()).toFloats();
        int vocabulary = model.config().vocabulary();
        double sum = 0;
        int row = 0;
        int predictions = 0;
        for (TokenSequence prompt : prompts) {
            int[] ids = prompt.ids();
            for (int position = 0; position < ids.length; position++, row++) {
                if (position + 1 < ids.length) {
                    sum += crossEntropy(logits, row * vocabulary, vocabulary, ids[position + 1]);
                    predictions++;
                }
            }
        }
        return (float) (sum / predictions);
    }

    private static double crossEntropy(float[] logits, int from, int vocabulary, int target) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int id = 0; id < vocabulary; id++) {
            largest = Math.max(largest, logits[from + id]);
        }
        double sum = 0;
        for (int id = 0; id < vocabulary; id++) {
            sum += Math.exp(logits[from + id] - largest);
        }
        return largest + Math.log(sum) - logits[from + target];
    }

    private static int number(String name) {
        return Integer.parseInt(name.substring(name.lastIndexOf('.') + 1));
    }
}
