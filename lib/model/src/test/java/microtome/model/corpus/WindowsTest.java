package microtome.model.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import microtome.model.LanguageModel;
import microtome.model.corpus.document.DocumentCursor;
import microtome.model.corpus.document.Documents;
import microtome.model.corpus.fold.RowPlaces;
import microtome.model.token.Token;
import microtome.model.token.TokenSequence;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WindowsTest {
    private static final CorpusOptions SMALL =
            CorpusOptions.DEFAULT.length(40).batchTokens(100).windowTokens(1000);

    private static LanguageModel model;

    @BeforeAll
    static void load() {
        model = TinyModel.load();
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.1, 0.5})
    void everyTokenIsInOneBatchAndNoBatchIsTooLarge(double padding) {
        List<TokenSequence> sequences = TinyModel.sequences(300, 100, 1);
        List<Batch> batches = batches(sequences, SMALL.padding(padding, 100));
        var seen = new ArrayList<List<Integer>>();
        sequences.forEach(sequence -> seen.add(
                new ArrayList<>(IntStream.range(0, sequence.size()).boxed().toList())));
        for (Batch batch : batches) {
            int whole = batch.chunks().size() * batch.length();
            assertThat(whole).isLessThanOrEqualTo(100);
            assertThat(batch.padding()).isLessThanOrEqualTo((int) (padding * whole));
            assertThat(batch.sequences()).allMatch(sequence -> sequence.size() == batch.length());
            RowPlaces places = batch.places();
            for (int row = 0; row < places.rows(); row++) {
                int document = (int) places.documents()[row];
                int position = places.positions()[row];
                assertThat(seen.get(document).remove((Integer) position)).isTrue();
                assertThat(places.tokens()[row])
                        .isEqualTo(sequences.get(document).token(position).id());
            }
        }
        assertThat(seen).allMatch(List::isEmpty);
    }

    @Test
    void sortingLeavesFewerAndFullerBatches() {
        List<TokenSequence> sequences = TinyModel.sequences(300, 40, 2);
        int sorted = batches(sequences, SMALL).size();
        int unsorted = batches(sequences, SMALL.windowTokens(1)).size();
        assertThat(unsorted).isEqualTo(300);
        assertThat(sorted).isLessThan(100);
    }

    @Test
    void aDocumentIsCutWithoutOverlapAndItsBeginningStandsBeforeEveryPiece() {
        TokenSequence text = withBeginning(1, 24);
        CorpusOptions options = SMALL.length(10).padding(0, 0);
        List<Chunk> chunks = batches(List.of(text), options).stream()
                .flatMap(batch -> batch.chunks().stream())
                .toList();
        assertThat(chunks).extracting(Chunk::length).containsExactly(10, 10, 7);
        assertThat(chunks.get(0).ids()).containsExactly(90, 0, 1, 2, 3, 4, 5, 6, 7, 8);
        assertThat(chunks.get(1).ids()).containsExactly(90, 9, 10, 11, 12, 13, 14, 15, 16, 17);
        assertThat(chunks.get(2).ids()).containsExactly(90, 18, 19, 20, 21, 22, 23);
        var places = new ArrayList<Integer>();
        for (Batch batch : batches(List.of(text), options)) {
            Arrays.stream(batch.places().positions()).forEach(places::add);
        }
        assertThat(places)
                .containsExactlyElementsOf(IntStream.range(0, 25).boxed().toList());
    }

    @Test
    void onlyTheBeginningIsReadWhenThatIsAskedFor() {
        List<Batch> batches =
                batches(List.of(withBeginning(1, 24)), SMALL.length(10).longTexts(LongTexts.CUT));
        assertThat(batches).hasSize(1);
        assertThat(batches.getFirst().places().positions()).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    }

    @Test
    void skippedPositionsAreThoseOfTheSequenceThatIsRead() {
        CorpusOptions options = SMALL.length(10).skipFirst(2).padding(0, 0);
        var positions = new ArrayList<Integer>();
        for (Batch batch : batches(List.of(withBeginning(1, 24)), options)) {
            Arrays.stream(batch.places().positions()).forEach(positions::add);
        }
        // Without 0 and 1, then without the beginning again and 10, then without it and 19.
        assertThat(positions)
                .containsExactly(2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 17, 18, 20, 21, 22, 23, 24);
    }

    @Test
    void aBeginningThatLeavesNoRoomIsRefused() {
        assertThatThrownBy(() -> batches(List.of(withBeginning(3, 24)), SMALL.length(3)))
                .hasMessage(
                        "length 3: the tokenizer puts 3 tokens in front of every text, so nothing of a text would be left; need a length of at least 4");
    }

    @Test
    void optionsThatMakeNoSenseAreRefused() {
        assertThatThrownBy(() -> SMALL.padding(1, 100)).hasMessageContaining("padding 1.0");
        assertThatThrownBy(() -> SMALL.length(0)).hasMessageContaining("length 0: must be at least 1");
        assertThatThrownBy(() -> SMALL.skipFirst(40)).hasMessageContaining("nothing would be left");
    }

    private static TokenSequence withBeginning(int added, int own) {
        var tokens = new ArrayList<Token>();
        for (int i = 0; i < added; i++) {
            tokens.add(new Token(90 + i, "<s>", new byte[0], true, "a rule"));
        }
        for (int id = 0; id < own; id++) {
            tokens.add(new Token(id, "x", new byte[] {'x'}, false, null));
        }
        return new TokenSequence(tokens, "x");
    }

    private static List<Batch> batches(List<TokenSequence> sequences, CorpusOptions options) {
        var batches = new ArrayList<Batch>();
        try (DocumentCursor cursor = Documents.ofTokens(sequences).open()) {
            new Windows(new Chunks(model, options, cursor), options)
                    .forEachRemaining(window -> batches.addAll(window.batches()));
        }
        return batches;
    }
}
