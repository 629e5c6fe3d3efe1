package microtome.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import microtome.tensor.Shape;
import org.junit.jupiter.api.Test;

class ValuesTest {

    @Test
    void differencesAreTakenNumberByNumberAndLeaveBothAsTheyWere() {
        var left = new Values(Shape.of(2, 2), new float[] {1, 2, 3, 4});
        var right = new Values(Shape.of(2, 2), new float[] {4, 2, 1, 0.5f});
        assertThat(left.minus(right).row(0)).containsExactly(-3, 0);
        assertThat(left.minus(right).row(1)).containsExactly(2, 3.5f);
        assertThat(left.array()).containsExactly(1, 2, 3, 4);
        assertThat(right.array()).containsExactly(4, 2, 1, 0.5f);
    }

    @Test
    void valuesOfOtherShapesSayHowToGetTheSame() {
        var left = new Values(Shape.of(2, 2), new float[4]);
        var right = new Values(Shape.of(3, 2), new float[6]);
        assertThatThrownBy(() -> left.minus(right))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "values [2, 2] minus values [3, 2]: both need one shape; take prompts of equally many tokens");
    }
}
