package microtome;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import microtome.model.config.AttentionRule;
import microtome.model.config.ModelConfig;
import microtome.model.config.Positions;

/** What sets the family of a model apart from others, in words. */
final class FamilyRules {
    private FamilyRules() {}

    static String of(ModelConfig config) {
        var rules = new ArrayList<String>();
        rules.add(
                switch (config.positions()) {
                    case Positions.Learned _ -> "learned positions";
                    case Positions.Rotary _ -> "rotated queries and keys";
                });
        AttentionRule attention = config.attention();
        rules.add(attention.causal() ? "every token sees those before it" : "every token sees all others");
        windows(attention.windows(), rules);
        switch (attention.queryKeyNorm()) {
            case NONE -> {}
            case PER_HEAD -> rules.add("queries and keys normed in every head");
            case ACROSS_HEADS -> rules.add("queries and keys normed across heads");
        }
        cap("scores", attention.softCap(), rules);
        cap("logits", config.logitCap(), rules);
        return String.join("; ", rules);
    }

    private static void windows(List<Integer> byBlock, List<String> rules) {
        List<Integer> limited = byBlock.stream().filter(window -> window > 0).toList();
        if (!limited.isEmpty()) {
            String lengths = limited.stream()
                    .distinct()
                    .map(window -> String.format(Locale.ROOT, "%,d", window))
                    .collect(Collectors.joining(" or "));
            rules.add("%d of %d blocks see only the last %s positions"
                    .formatted(limited.size(), byBlock.size(), lengths));
        }
    }

    private static void cap(String what, float cap, List<String> rules) {
        if (cap > 0) {
            rules.add("%s bent to stay within ±%s".formatted(what, Float.toString(cap)));
        }
    }
}
