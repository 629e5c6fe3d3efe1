package microtome.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import microtome.model.store.ModelStore;
import microtome.model.token.TokenSequence;
import microtome.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A pass in pieces, over kept keys and values, computes what one pass over all positions computes. */
class ContinuationTest {
    private static final int[] FIRST = {5, 17, 96, 0, 42, 8, 33};
    private static final int[] SECOND = {1, 2, 3, 4, 44, 66, 90};
    /** The bound of the reference data of this model, which two F32 implementations of it keep. */
    private static final float BOUND = 2e-5f;

    private static LanguageModel open(String backend) {
        Backends.assume(backend);
        String folder = ReferenceData.path("architectures/llama-tied").toString();
        return LanguageModel.load(ModelStore.standard().resolve(folder), LoadOptions.DEFAULT.backend(backend));
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu"})
    void everySiteOfNewPositionsIsWhatOnePassOverAllShows(String backend) {
        try (var model = open(backend)) {
            List<int[]> sequences = List.of(FIRST, SECOND);
            Map<Site, float[]> whole = new HashMap<>();
            Map<Site, long[]> shapes = new HashMap<>();
            model.run(batch(sequences, 0, 7), recorder(model, (site, value) -> {
                whole.put(site, value.toFloats());
                shapes.put(site, value.shape().extents());
            }));
            try (var continuation = model.continuation()) {
                for (int[] piece : new int[][] {{0, 3}, {3, 4}, {4, 7}}) {
                    continuation.run(
                            batch(sequences, piece[0], piece[1]),
                            recorder(
                                    model,
                                    (site, value) -> assertPart(
                                            site, value, whole.get(site), shapes.get(site), piece[0], piece[1])));
                    assertThat(continuation.positions()).isEqualTo(piece[1]);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu"})
    void theFusedLaneGivesTheLogitsOfOnePass(String backend) {
        try (var model = open(backend);
                var _ = model.engine().openScope();
                var continuation = model.continuation()) {
            List<int[]> sequences = List.of(FIRST, SECOND);
            for (int end = 1; end <= FIRST.length; end++) {
                Tensor next = continuation.nextLogits(batch(sequences, end - 1, end), Tap.NONE);
                for (int row = 0; row < sequences.size(); row++) {
                    var alone = TokenSequence.ofIds(Arrays.copyOf(sequences.get(row), end));
                    float[] expected = model.activations(alone, List.of(Site.logits()))
                            .at(Site.logits())
                            .row(end - 1);
                    assertThat(next.slice(0, row, row + 1).toFloats())
                            .as("sequence %d, %d tokens", row, end)
                            .containsExactly(expected, within(BOUND));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu"})
    void manyTokensNeedNoMemoryBeyondTheirKeysAndValues(String backend) {
        try (var model = open(backend);
                var continuation = model.continuation()) {
            next(continuation, 5);
            next(continuation, 6);
            long tensors = model.engine().liveTensors();
            long bytes = model.engine().liveBytes();
            for (int position = 2; position < model.config().context(); position++) {
                next(continuation, position);
            }
            assertThat(model.engine().liveTensors()).isEqualTo(tensors);
            assertThat(model.engine().liveBytes()).isEqualTo(bytes); // 64 rows were reserved
        }
    }

    @Test
    void aRewoundContinuationTakesAnotherWay() {
        try (var model = open("reference");
                var _ = model.engine().openScope();
                var continuation = model.continuation()) {
            next(continuation, 5);
            float[] expected = next(continuation, 17);
            continuation.rewind(1);
            assertThat(next(continuation, 90)).isNotEqualTo(expected);
            continuation.rewind(1);
            assertThat(next(continuation, 17)).isEqualTo(expected);
            assertThatThrownBy(() -> continuation.rewind(3))
                    .hasMessage("rewind to 3 positions: 2 have been run; give 0..2");
        }
    }

    @Test
    void aPassThatFailsInTheMiddleIsAsIfItHadNotBeen() {
        try (var model = open("reference");
                var continuation = model.continuation()) {
            next(continuation, 5);
            assertThatThrownBy(() -> continuation.run(one(17), new Tap() {
                        @Override
                        public boolean wants(Site site) {
                            return site.equals(Site.mlpOutput(1));
                        }

                        @Override
                        public Tensor at(Site site, Tensor value) {
                            throw new IllegalStateException("enough");
                        }
                    }))
                    .hasMessage("enough");
            assertThat(continuation.positions()).isOne();
            float[] after = next(continuation, 17);
            try (var undisturbed = model.continuation()) {
                next(undisturbed, 5);
                assertThat(after).isEqualTo(next(undisturbed, 17));
            }
        }
    }

    @Test
    void aTapThatListensEarlyStillLetsEveryBlockRememberThePositions() {
        try (var model = open("reference");
                var continuation = model.continuation();
                var other = model.continuation()) {
            continuation.run(one(5), recorder(List.of(Site.pattern(0)), _ -> {}));
            next(other, 5);
            assertThat(next(continuation, 17)).isEqualTo(next(other, 17));
        }
    }

    @Test
    void whatCannotContinueSaysWhy() {
        try (var model = open("reference");
                var continuation = model.continuation()) {
            next(continuation, 5);
            assertThatThrownBy(() -> continuation.run(List.of(tokens(1), tokens(2)), Tap.NONE))
                    .hasMessage(
                            "this continuation has 1 sequences, the next tokens are given for 2; give one per sequence");
            assertThatThrownBy(() -> continuation.run(List.of(tokens(new int[64])), Tap.NONE))
                    .hasMessage(
                            "64 tokens after 1 that were run, the model's context is 64; 63 more fit, or start anew with a shorter prompt");
            try (var _ = model.engine().record()) {
                assertThatThrownBy(() -> next(continuation, 6))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("a tape is open");
            }
            assertThat(continuation.positions()).isOne();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu"})
    void sequencesRunApartGoOnTogetherAndLeaveEachOther(String backend) {
        // The MLP is 56 wide, not a whole number of vectors: which elements are left over depends on the number of
        // rows.
        var rounding = within(backend.equals("cpu") ? BOUND : 0);
        try (var model = open(backend)) {
            List<int[]> sequences = List.of(FIRST, SECOND, new int[] {9, 9, 9, 9, 8, 7, 6});
            List<Continuation> parts = sequences.stream()
                    .map(ids -> {
                        var part = model.continuation();
                        part.run(batch(List.of(ids), 0, 4), Tap.NONE);
                        return part;
                    })
                    .toList();
            try (var together = Continuation.together(parts)) {
                float[] fifth = nextLogits(together, batch(sequences, 4, 5));
                together.keep(2, 0);
                float[] sixth = nextLogits(together, batch(List.of(sequences.get(2), FIRST), 5, 6));
                for (int row = 0; row < 3; row++) {
                    try (var alone = model.continuation()) {
                        alone.run(batch(List.of(sequences.get(row)), 0, 4), Tap.NONE);
                        float[] expected = nextLogits(alone, batch(List.of(sequences.get(row)), 4, 5));
                        assertThat(Arrays.copyOfRange(fifth, row * 97, (row + 1) * 97))
                                .containsExactly(expected, rounding);
                        expected = nextLogits(alone, batch(List.of(sequences.get(row)), 5, 6));
                        int kept = row == 0 ? 1 : 0;
                        if (row != 1) {
                            assertThat(Arrays.copyOfRange(sixth, kept * 97, (kept + 1) * 97))
                                    .containsExactly(expected, rounding);
                        }
                    }
                }
            }
        }
    }

    @Test
    void anEditOfTheLogitsOrTheFinalNormCountsInWhatComesNext() {
        try (var model = open("reference");
                var continuation = model.continuation();
                var plain = model.continuation()) {
            for (Site site : List.of(Site.logits(), Site.finalNorm())) {
                try (Tensor edited = continuation.nextLogits(one(5), new Tap() {
                    @Override
                    public boolean wants(Site wanted) {
                        return wanted.equals(site);
                    }

                    @Override
                    public Tensor at(Site at, Tensor value) {
                        return value.times(-2);
                    }
                })) {
                    float[] expected = next(plain, 5);
                    for (int id = 0; id < expected.length; id++) {
                        assertThat(edited.toFloats()[id]).isCloseTo(-2 * expected[id], within(2 * BOUND));
                    }
                }
            }
        }
    }

    @Test
    void sequencesThatCannotGoOnTogetherSayWhy() {
        try (var model = open("reference");
                var one = model.continuation();
                var two = model.continuation()) {
            next(one, 5);
            next(two, 5);
            next(two, 6);
            assertThatThrownBy(() -> Continuation.together(List.of(one, two)))
                    .hasMessage(
                            "continuations that go on together must be of one model and equally long, found 1 and 2 positions; group them by length");
            assertThatThrownBy(() -> one.keep(1))
                    .hasMessage("keep [1]: this continuation has 1 sequences, counted from 0; name at least one");
        }
    }

    private static float[] nextLogits(Continuation continuation, List<TokenSequence> next) {
        try (Tensor logits = continuation.nextLogits(next, Tap.NONE)) {
            return logits.toFloats();
        }
    }

    private static float[] next(Continuation continuation, int token) {
        try (Tensor logits = continuation.nextLogits(one(token), Tap.NONE)) {
            return logits.toFloats();
        }
    }

    private static List<TokenSequence> one(int token) {
        return List.of(tokens(token));
    }

    private static TokenSequence tokens(int... ids) {
        return TokenSequence.ofIds(ids);
    }

    private static List<TokenSequence> batch(List<int[]> sequences, int from, int to) {
        return sequences.stream()
                .map(ids -> TokenSequence.ofIds(Arrays.copyOfRange(ids, from, to)))
                .toList();
    }

    private interface Seeing {
        void at(Site site, Tensor value);
    }

    private static Tap recorder(LanguageModel model, Seeing seeing) {
        return recorder(model.sites(), seeing);
    }

    private static Tap recorder(List<Site> sites, Consumer<Site> seeing) {
        return recorder(sites, (site, _) -> seeing.accept(site));
    }

    private static Tap recorder(List<Site> sites, Seeing seeing) {
        return new Tap() {
            @Override
            public boolean wants(Site site) {
                return sites.contains(site);
            }

            @Override
            public Tensor at(Site site, Tensor value) {
                seeing.at(site, value);
                return value;
            }
        };
    }

    /** Compares the new positions with theirs in a pass over all: along the axis of positions, and of keys for scores. */
    private static void assertPart(Site site, Tensor value, float[] whole, long[] shape, int from, int to) {
        boolean squares = site.kind() == Site.Kind.SCORES || site.kind() == Site.Kind.PATTERN;
        int axis = squares ? 2 : 1;
        long[] expectedShape = shape.clone();
        expectedShape[axis] = to - from;
        if (squares) {
            expectedShape[3] = to;
        }
        assertThat(value.shape().extents()).as(site.name()).isEqualTo(expectedShape);
        float[] ours = value.toFloats();
        int[] places = places(shape, expectedShape, axis, from);
        for (int i = 0; i < ours.length; i++) {
            float theirs = whole[places[i]];
            boolean same = ours[i] == theirs || Math.abs(ours[i] - theirs) <= BOUND;
            assertThat(same)
                    .as("%s, element %d: %s and %s", site, i, ours[i], theirs)
                    .isTrue();
        }
    }

    /** Where the elements of a part lie in the whole. */
    private static int[] places(long[] whole, long[] part, int axis, int from) {
        int count = (int) Arrays.stream(part).reduce(1, (a, b) -> a * b);
        return IntStream.range(0, count)
                .map(element -> {
                    int rest = element;
                    int place = 0;
                    int stride = 1;
                    for (int i = part.length - 1; i >= 0; i--) {
                        int index = rest % (int) part[i] + (i == axis ? from : 0);
                        place += index * stride;
                        rest /= (int) part[i];
                        stride *= (int) whole[i];
                    }
                    return place;
                })
                .toArray();
    }
}
