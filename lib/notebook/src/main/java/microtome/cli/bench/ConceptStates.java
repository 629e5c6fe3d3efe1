package microtome.cli.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import microtome.model.LanguageModel;
import microtome.model.Site;
import microtome.model.token.TokenSequence;
import microtome.probe.concept.linear.Samples;

/**
 * The residual stream of 5,000 tokens at every depth: tokens of the passage in an order by chance, without the first of every
 * sequence. The question is whether the token before begins a word, which no embedding knows and every attention can find out.
 *
 * @param layers one for each depth
 */
record ConceptStates(List<Samples> layers) {
    private static final int ROWS = 5000;
    private static final int LENGTH = 126;
    private static final long SEED = 20261124;

    static ConceptStates read(LanguageModel model) {
        int[] passage = model.tokenizer().encode(Passage.text()).ids();
        var random = new SplittableRandom(SEED);
        List<Site> sites = IntStream.rangeClosed(0, model.config().blocks())
                .mapToObj(Site::residual)
                .toList();
        var rows = new float[sites.size()][ROWS][];
        var labels = new int[ROWS];
        for (int row = 0; row < ROWS; ) {
            int[] ids = random.ints(LENGTH, 0, passage.length)
                    .map(at -> passage[at])
                    .toArray();
            var read = model.activations(TokenSequence.ofIds(ids), sites);
            int from = row;
            for (int position = 1; position < LENGTH && row < ROWS; position++, row++) {
                labels[row] = beginsWord(model, ids[position - 1]) ? 1 : 0;
            }
            for (int layer = 0; layer < sites.size(); layer++) {
                float[] all = read.at(sites.get(layer)).array();
                int width = all.length / LENGTH;
                for (int i = from; i < row; i++) {
                    int position = 1 + i - from;
                    rows[layer][i] = Arrays.copyOfRange(all, position * width, (position + 1) * width);
                }
            }
        }
        return new ConceptStates(Arrays.stream(rows)
                .map(layer -> new Samples(layer, labels, List.of("inside a word", "begins a word")))
                .toList());
    }

    private static boolean beginsWord(LanguageModel model, int id) {
        return model.tokenizer().decode(new int[] {id}).startsWith(" ");
    }

    int width() {
        return layers.getFirst().width();
    }

    List<Integer> labels() {
        return Arrays.stream(layers.getFirst().classes()).boxed().toList();
    }

    /** Writes a file of F32 rows for each layer. */
    List<String> write(Path folder) {
        var files = new ArrayList<String>();
        for (int layer = 0; layer < layers.size(); layer++) {
            Path file = folder.resolve("layer%02d.f32".formatted(layer));
            var bytes = ByteBuffer.allocate(ROWS * width() * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            for (float[] row : layers.get(layer).rows()) {
                bytes.asFloatBuffer().put(row);
                bytes.position(bytes.position() + row.length * Float.BYTES);
            }
            try {
                Files.write(file, bytes.array());
            } catch (IOException failure) {
                throw new UncheckedIOException("%s cannot be written".formatted(file), failure);
            }
            files.add(file.toString());
        }
        return files;
    }
}
