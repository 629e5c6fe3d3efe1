package microtome.probe.similarity;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import microtome.model.LanguageModel;
import microtome.model.LoadOptions;
import microtome.model.store.ModelStore;
import microtome.model.token.TokenSequence;

/** The model module's small models: 3 blocks of 4 heads, width 32, 97 tokens. */
final class Fixture {
    private static final int VOCABULARY = 97;

    private Fixture() {}

    static LanguageModel load(String name) {
        Path folder = Path.of("../model/src/test/resources/microtome/model/architectures", name);
        return LanguageModel.load(
                ModelStore.standard().resolve(folder.toAbsolutePath().toString()), LoadOptions.DEFAULT);
    }

    /** Sequences of 2 to {@code longest} random tokens. */
    static List<TokenSequence> sequences(int count, int longest, long seed) {
        var random = new Random(seed);
        return IntStream.range(0, count)
                .mapToObj(_ -> TokenSequence.ofIds(random.ints(2 + random.nextInt(longest - 1), 0, VOCABULARY)
                        .toArray()))
                .toList();
    }
}
