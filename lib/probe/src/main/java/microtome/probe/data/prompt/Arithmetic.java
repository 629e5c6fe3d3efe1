package microtome.probe.data.prompt;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Sums of two numbers of two digits, each once right and once wrong. Both numbers are drawn from 10 to 99, each pair once; a
 * wrong sum is 1, 2 or 10 more or less and has as many digits as the right one. The group is the tens of the first number.
 */
final class Arithmetic {
    private static final int MOST = 1_000;
    private static final int[] OFFSETS = {-10, -2, -1, 1, 2, 10};

    private static final PromptSource SOURCE = new PromptSource(
            "sums of two numbers of two digits, each with the right result and with a wrong one",
            "drawn from java.util.SplittableRandom: two numbers from 10 to 99, no pair of them twice, and an offset of -10, -2, -1, 1, 2 or 10 that keeps the number of digits",
            "Apache-2.0",
            List.of(
                    "a wrong result is near the right one: rough size does not tell them apart, and neither does a model that only knows rough size",
                    "a result that is wrong by 10 keeps its last digit: looking at last digits alone finds two of three wrong ones",
                    "tokenizers cut numbers differently, into digits or into groups of them"));

    private Arithmetic() {}

    static PromptSet sums(int pairs, long seed) {
        if (pairs < 1 || pairs > MOST) {
            throw new IllegalArgumentException("%d pairs of sums: need 1 to %d".formatted(pairs, MOST));
        }
        var random = new SplittableRandom(seed);
        Set<Integer> drawn = new HashSet<>();
        var prompts = new ArrayList<Prompt>();
        var pairings = new ArrayList<Pairing>();
        while (drawn.size() < pairs) {
            int first = random.nextInt(10, 100);
            int second = random.nextInt(10, 100);
            int offset = OFFSETS[random.nextInt(OFFSETS.length)];
            int right = first + second;
            boolean sameDigits = right < 100 == right + offset < 100 && right + offset >= 10;
            if (!sameDigits || !drawn.add(first * 100 + second)) {
                continue;
            }
            String name = "%d + %d".formatted(first, second);
            String group = "%d to %d".formatted(first / 10 * 10, first / 10 * 10 + 9);
            pairings.add(new Pairing(prompts.size(), prompts.size() + 1, name, false));
            prompts.add(prompt(name, right, "right", group));
            prompts.add(prompt(name, right + offset, "wrong", group));
        }
        return new PromptSet("arithmetic (%d sums, seed %d)".formatted(pairs, seed), prompts, pairings, SOURCE);
    }

    private static Prompt prompt(String sum, int result, String label, String group) {
        return new Prompt("%s = %d".formatted(sum, result), label, group, "");
    }
}
