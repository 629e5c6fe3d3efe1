package microtome.probe.update;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import microtome.probe.data.RoundTrip;
import microtome.probe.data.Vectors;
import microtome.tensor.Engine;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class UpdateStructureTest {
    /** States are F32 and so are products: each of a few operations rounds by at most this, of numbers around 1. */
    private static final double ROUNDING = Math.scalb(1.0, -20);

    private static Engine engine;

    @BeforeAll
    static void open() {
        engine = Engine.open();
    }

    @AfterAll
    static void close() {
        engine.close();
    }

    private static Measured measured(UpdatePairs pairs, UpdateClass kind) {
        return LayerUpdates.between(engine, pairs, UpdateOptions.DEFAULT.classes(kind))
                .of(kind)
                .getFirst();
    }

    @Test
    void theDiagonalClassFindsFactorsAndConstants() {
        var pairs = Planted.pairs(Planted.normal(1, 400, 16), state -> {
            double[] moved = state.clone();
            for (int i = 0; i < moved.length; i++) {
                moved[i] = state[i] * (0.5 + 0.1 * i) + 0.3 * i;
            }
            return moved;
        });
        var diagonal = measured(pairs, UpdateClass.DIAGONAL);
        assertThat(diagonal.explained()).isCloseTo(1, within(ROUNDING));
        assertThat(diagonal.updateAlignment()).isCloseTo(1, within(ROUNDING));
        assertThat(diagonal.stateAlignment()).isCloseTo(1, within(ROUNDING));
        assertThat(diagonal.energyRatio()).isCloseTo(0, within(ROUNDING));
        assertThat(measured(pairs, UpdateClass.SCALAR).explained()).isLessThan(0.9);
    }

    @Test
    void theScalarClassFindsOneFactorAndConstants() {
        var pairs = Planted.pairs(Planted.normal(2, 400, 16), state -> {
            double[] moved = state.clone();
            for (int i = 0; i < moved.length; i++) {
                moved[i] = 0.7 * state[i] - 0.2 * i;
            }
            return moved;
        });
        assertThat(measured(pairs, UpdateClass.SCALAR).explained()).isCloseTo(1, within(ROUNDING));
    }

    @Test
    void theOrthogonalClassFindsARotationAboutTheMean() {
        var pairs = Planted.pairs(Planted.normal(3, 400, 16), state -> {
            double[] moved = Planted.rotated(state);
            for (int i = 0; i < moved.length; i++) {
                moved[i] += 2;
            }
            return moved;
        });
        assertThat(measured(pairs, UpdateClass.ORTHOGONAL).explained()).isCloseTo(1, within(ROUNDING));
        assertThat(measured(pairs, UpdateClass.DIAGONAL).explained()).isLessThan(0.9);
    }

    /** Of normal states every direction is shrunk by 1 / (1 + 0.01 mean variance / its variance), so R2 loses about 1e-4. */
    @Test
    void aPlantedLowRankUpdateIsRecoveredByItsRankAndNotByLess() {
        var random = new SplittableRandom(4);
        var down = new double[3][16];
        var up = new double[3][16];
        for (double[][] each : new double[][][] {down, up}) {
            for (double[] row : each) {
                Arrays.setAll(row, _ -> random.nextGaussian() / 4);
            }
        }
        var pairs = Planted.pairs(Planted.normal(5, 4000, 16), state -> {
            double[] moved = state.clone();
            for (int k = 0; k < 3; k++) {
                UpdateMap.add(Vectors.dot(down[k], state), up[k], moved);
            }
            return moved;
        });
        var three = measured(pairs, UpdateClass.lowRank(3));
        double smallest =
                Math.pow(1 - Math.sqrt(16 / 2000.0), 2); // the least variance of a sample of 2,000 (Marchenko, Pastur)
        double lost = Math.pow(0.01 / (smallest + 0.01), 2);
        assertThat(three.explained()).isBetween(1 - 4 * lost, 1.0);
        assertThat(three.subspace()).isLessThanOrEqualTo(3);
        assertThat(measured(pairs, UpdateClass.lowRank(2)).explained()).isLessThan(three.explained() - 10 * lost);
        assertThat(measured(pairs, UpdateClass.lowRank(16)).explained()).isBetween(1 - 4 * lost, 1.0);
    }

    @Test
    void localMapsFollowAStepThatIsLinearOnlyNearby() {
        var pairs = Planted.pairs(Planted.normal(6, 2000, 2), state -> {
            double size = Vectors.norm(state);
            return new double[] {state[0] * state[0] / size, state[1] * state[0] / size};
        });
        double local = measured(pairs, UpdateClass.localLinear(16)).explained();
        assertThat(local).isGreaterThan(0.95);
        assertThat(local).isGreaterThan(measured(pairs, UpdateClass.lowRank(2)).explained() + 0.1);
    }

    /** Noise cannot be known: what is fitted to it can only add error, by about parameters per dimension / tokens. */
    @Test
    void noClassExplainsRandomStatesBehind() {
        float[][] noise = Planted.normal(8, 1000, 16);
        var pairs = UpdatePairs.of(Planted.normal(7, 1000, 16), noise, Planted.PER_DOCUMENT);
        var free = UpdatePairs.of(pairs.before(), sums(pairs.before(), noise), Planted.PER_DOCUMENT);
        var structure = LayerUpdates.between(engine, free, UpdateOptions.DEFAULT);
        for (UpdateClass kind : UpdateClass.ALL) {
            if (!kind.equals(UpdateClass.IDENTITY)) {
                assertThat(structure.of(kind).getFirst().explained())
                        .as(kind.label())
                        .isLessThanOrEqualTo(2 / Math.sqrt(500 * 16));
            }
        }
    }

    private static float[][] sums(float[][] first, float[][] second) {
        var sums = new float[first.length][first[0].length];
        for (int row = 0; row < sums.length; row++) {
            for (int i = 0; i < sums[row].length; i++) {
                sums[row][i] = first[row][i] + second[row][i];
            }
        }
        return sums;
    }

    @Test
    void theIdentityIsAlwaysThereAndLeavesTheWholeUpdateOver() {
        var pairs = Planted.pairs(Planted.normal(9, 200, 8), Planted::rotated);
        var structure = LayerUpdates.between(engine, pairs, UpdateOptions.DEFAULT.classes(UpdateClass.DIAGONAL));
        var identity = structure.of(UpdateClass.IDENTITY).getFirst();
        assertThat(identity.updateAlignment()).isNaN();
        assertThat(identity.residualAlignment()).isCloseTo(1, within(1e-12));
        assertThat(identity.energyRatio()).isCloseTo(1, within(1e-12));
        assertThat(identity.withoutTokenwise()).isEqualTo(100);
        assertThat(structure.identity()).containsExactly(identity.stateAlignment());
        assertThat(structure.table().csv()).contains("emb→1,identity");
        assertThat(structure.table().plainText()).contains("the map moves no token");
    }

    @Test
    void tokensThatAreNotMovedAreLeftOutAndCounted() {
        var before = Planted.normal(10, 400, 8);
        var pairs = Planted.pairs(before, Planted::rotated);
        float[][] after = pairs.after();
        for (int token = 0; token < 400; token += 4) {
            after[token] = before[token].clone();
        }
        var structure = LayerUpdates.between(
                engine, UpdatePairs.of(before, after, Planted.PER_DOCUMENT), UpdateOptions.DEFAULT);
        BlockUpdates block = structure.values().getFirst();
        assertThat(block.fitTokens() + block.fitDropped()).isEqualTo(200);
        assertThat(block.classes().getFirst().tokens() + block.heldOutDropped()).isEqualTo(200);
        assertThat(block.fitDropped() + block.heldOutDropped()).isEqualTo(100);
        assertThat(structure.of(UpdateClass.ORTHOGONAL).getFirst().explained()).isCloseTo(1, within(ROUNDING));
    }

    @Test
    void aStepThatDoesNothingHasNoNumbersButReasons() {
        var before = Planted.normal(11, 100, 4);
        var structure = LayerUpdates.between(
                engine, UpdatePairs.of(before, before, Planted.PER_DOCUMENT), UpdateOptions.DEFAULT.rank(2));
        assertThat(structure.of(UpdateClass.DIAGONAL).getFirst().explained()).isNaN();
        assertThat(structure.table().plainText()).contains("the block moves only 0 of the fit tokens");
        assertThat(structure.plot().png()).isNotEmpty();
        assertThat(structure.plot().tree().toString()).contains("moves only 0 of the fit tokens");
        assertThat(structure.map(UpdateQuantity.EXPLAINED).tree().toString()).contains("moves only 0");
        RoundTrip.check(structure);
    }

    @Test
    void constantStatesGiveTheMeanUpdateOrAReason() {
        var before = new float[100][4];
        Arrays.stream(before).forEach(row -> Arrays.fill(row, 3));
        var pairs = UpdatePairs.of(before, Planted.normal(12, 100, 4), Planted.PER_DOCUMENT);
        var structure = LayerUpdates.between(engine, pairs, UpdateOptions.DEFAULT.rank(2));
        double mean = structure.of(UpdateClass.SCALAR).getFirst().explained();
        assertThat(mean).isBetween(-0.5, 0.0);
        assertThat(structure.of(UpdateClass.DIAGONAL).getFirst().explained()).isEqualTo(mean);
        assertThat(structure.of(UpdateClass.localLinear(32)).getFirst().explained())
                .isNotNaN();
        for (UpdateClass kind : List.of(UpdateClass.lowRank(2), UpdateClass.ORTHOGONAL)) {
            assertThat(structure.of(kind).getFirst().reason())
                    .isEqualTo("the state before the block is the same at every fit token");
        }
    }

    @Test
    void updatesThatAreAllTheSameHaveNothingToExplain() {
        float[][] before = Planted.normal(13, 100, 4);
        for (float[] row : before) {
            row[0] = Math.round(row[0]);
        }
        float[][] after = Arrays.stream(before).map(float[]::clone).toArray(float[][]::new);
        for (float[] row : after) {
            row[0] += 1;
        }
        var structure = LayerUpdates.between(
                engine,
                UpdatePairs.of(before, after, Planted.PER_DOCUMENT),
                UpdateOptions.DEFAULT.classes(UpdateClass.SCALAR));
        var scalar = structure.of(UpdateClass.SCALAR).getFirst();
        assertThat(scalar.explained()).isNaN();
        assertThat(scalar.residualAlignment()).isNaN();
        assertThat(structure.table().plainText())
                .contains("the updates of all held-out tokens are the same")
                .contains("the map is exact");
    }

    @Test
    void moreDimensionsThanFitTokensLeaveTheRotationUndetermined() {
        var pairs = Planted.pairs(Planted.normal(14, 40, 32), Planted::rotated);
        var structure = LayerUpdates.between(engine, pairs, UpdateOptions.DEFAULT);
        assertThat(structure.of(UpdateClass.ORTHOGONAL).getFirst().reason())
                .isEqualTo(
                        "an orthogonal map of 32 dimensions is not determined by 20 fit tokens; it needs more than 32");
        assertThat(structure.of(UpdateClass.lowRank(8)).getFirst().explained()).isNotNaN();
        assertThat(structure.explain().notes())
                .anyMatch(note -> note.contains("local linear 32: only 20 fit tokens are kept"))
                .anyMatch(note -> note.contains("20 fit tokens; with fewer than 2,000"));
        assertThat(structure.map(UpdateQuantity.UPDATE_ALIGNMENT).tree().toString())
                .contains("not determined");
    }

    @Test
    void tooFewTokensOrDocumentsAreRefused() {
        var few = Planted.pairs(Planted.normal(15, 4, 4), Planted::rotated);
        var two = new UpdatePairs(few.before(), few.after(), new long[] {0, 0, 1, 1});
        var options = UpdateOptions.DEFAULT.rank(2);
        assertThatThrownBy(() -> LayerUpdates.between(engine, two, options))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2 fit tokens and 2 held-out tokens of 2 documents");
        for (long seed = 0; seed < 4; seed++) {
            var one = new UpdatePairs(few.before(), few.after(), new long[4]);
            long chosen = seed;
            assertThatThrownBy(() -> LayerUpdates.between(engine, one, options.seed(chosen)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("of 1 documents")
                    .hasMessageContaining("give at least two documents");
        }
    }

    @Test
    void aStateThatIsNotFiniteIsNamed() {
        float[][] before = Planted.normal(16, 40, 4);
        float[][] after = Planted.normal(17, 40, 4);
        after[23][2] = Float.NaN;
        assertThatThrownBy(() ->
                        LayerUpdates.between(engine, UpdatePairs.of(before, after, 10), UpdateOptions.DEFAULT.rank(2)))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageContaining("residual.1, document 2, position 23, element 2 is NaN");
    }

    @Test
    void ranksAndBlocksThatDoNotExistAreNamed() {
        var pairs = Planted.pairs(Planted.normal(18, 40, 4), Planted::rotated);
        assertThatThrownBy(() -> LayerUpdates.between(engine, pairs, UpdateOptions.DEFAULT.rank(5)))
                .hasMessage("low rank 5: the stream is 4 wide, so a rank is 1..4");
        assertThatThrownBy(() -> LayerUpdates.between(
                        engine, pairs, UpdateOptions.DEFAULT.rank(2).blocks(1)))
                .hasMessage("block 1: this model has blocks 0..0");
        assertThatThrownBy(() -> UpdateClass.lowRank(0)).hasMessage("low rank with rank 0: need at least 1");
        var structure = LayerUpdates.between(engine, pairs, UpdateOptions.DEFAULT.classes(UpdateClass.SCALAR));
        assertThatThrownBy(() -> structure.plot(UpdateClass.DIAGONAL))
                .hasMessage("diagonal was not fitted; fitted were identity, scalar");
    }

    @Test
    void theResultSurvivesItsJsonAndGivesEveryPicture() {
        var pairs = Planted.pairs(Planted.normal(19, 200, 8), Planted::rotated);
        var structure = RoundTrip.check(LayerUpdates.between(engine, pairs, UpdateOptions.DEFAULT));
        assertThat(structure.plot().png()).isNotEmpty();
        for (UpdateQuantity quantity : UpdateQuantity.values()) {
            assertThat(structure.plot(quantity).png()).isNotEmpty();
            assertThat(structure.map(quantity).png()).isNotEmpty();
            assertThat(structure.table(quantity).rows()).hasSize(1);
        }
        assertThat(structure.explain().facts()).containsEntry("seed", "42").containsEntry("n", "100");
        assertThat(structure.explain().paper()).hasToString("https://arxiv.org/abs/2604.02459");
    }

    @Test
    void theSameSeedGivesTheSameNumbersAndAnotherOneOtherDocuments() {
        var pairs = Planted.pairs(Planted.normal(20, 200, 8), Planted::rotated);
        var options = UpdateOptions.DEFAULT.samples(50, 50);
        var first = LayerUpdates.between(engine, pairs, options);
        assertThat(LayerUpdates.between(engine, pairs, options).json()).isEqualTo(first.json());
        assertThat(LayerUpdates.between(engine, pairs, options.seed(1)).identity())
                .isNotEqualTo(first.identity());
        assertThat(first.of(UpdateClass.IDENTITY).getFirst().tokens()).isEqualTo(50);
    }
}
