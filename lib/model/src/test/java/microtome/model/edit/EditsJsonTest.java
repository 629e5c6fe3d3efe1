package microtome.model.edit;

import static microtome.model.edit.SmallModel.OTHER;
import static microtome.model.edit.SmallModel.TOKENS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import microtome.model.Activations;
import microtome.model.Head;
import microtome.model.Site;
import microtome.model.Values;
import microtome.tensor.Shape;
import org.junit.jupiter.api.Test;

class EditsJsonTest {
    private static float[] vector() {
        var vector = new float[32];
        vector[3] = (float) Math.PI;
        vector[31] = Float.MIN_VALUE;
        return vector;
    }

    @Test
    void whatIsReadAgainDoesTheSameToEveryBit() {
        try (var model = SmallModel.open("reference")) {
            Activations other = model.activations(OTHER, model.sites());
            Edits edits = Edits.of(
                    Edit.zero(new Head(1, 2)),
                    Edit.add(Site.residual(1), vector(), 0.1).from(2),
                    Edit.scale(Site.pattern(1), 1.0 / 3)
                            .heads(0, 3)
                            .at(Positions.of(-1).and(Positions.range(0, 1))),
                    Edit.replace(Site.mlpOutput(1), other).layers(1, 2).positions(2),
                    Edit.mean(Site.mlpOutput(0), new Values(Shape.of(32), vector())),
                    Edit.freeze(Site.pattern(2)),
                    Edit.freeze(Site.pattern(0), other),
                    Edit.projectOut(Site.residual(2), vector()),
                    Edit.keepOnly(Site.mlpOutput(2), vector()).sequences(0));
            Edits again = Edits.parse(edits.toJson());
            assertThat(again.toJson()).isEqualTo(edits.toJson());
            assertThat(again.toString()).isEqualTo(edits.toString());
            assertThat(SmallModel.logits(model, TOKENS, again)).isEqualTo(SmallModel.logits(model, TOKENS, edits));
        }
    }

    @Test
    void aFunctionIsNotSaved() {
        assertThatThrownBy(() -> Edits.of(Edit.custom(Site.residual(1), "mine", value -> value))
                        .toJson())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("custom edit 'mine' at residual.1 is Java code and cannot be saved");
    }

    @Test
    void whatIsNoListOfEditsSaysWhereAndWhatIsAllowed() {
        assertRefused("[]", "edits: expected a JSON object, found []");
        assertRefused("{}", "\"microtome_edits\" is missing");
        assertRefused("{\"microtome_edits\":2,\"edits\":[]}", "version 2");
        String good = Edits.of(Edit.zero(Site.mlpOutput(1))).toJson();
        assertRefused(
                good.replace("mlp_output", "mlp_outputs"),
                "edit 1: \"site\" is mlp_outputs; allowed: nearest: mlp_output");
        assertRefused(good.replace("\"zero\"", "\"sero\""), "\"change\" is sero; allowed: nearest: zero");
        assertRefused(good.replace("[1,1]", "[1]"), "allowed: [first, last]");
        assertRefused(good.replace("[[0,null]]", "[[\"a\",null]]"), "or [first, null] for no end");
        assertRefused(good.replace("\"zero\"", "\"add\""), "\"direction\" is missing");
        String add = Edits.of(Edit.add(Site.mlpOutput(1), vector(), 1)).toJson();
        assertRefused(add.replace("[32]", "[33]"), "33 numbers to fill [33]");
        assertRefused(add.replace("[32]", "[-32]"), "extents of at least 1");
    }

    private static void assertRefused(String json, String because) {
        assertThatThrownBy(() -> Edits.parse(json))
                .as(json)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(because);
    }

    @Test
    void oneEditIsOneSmallObject() {
        assertThat(Edits.of(Edit.zero(new Head(9, 6)).positions(-1)).toJson())
                .isEqualTo(
                        "{\"microtome_edits\":1,\"edits\":[{\"site\":\"head_output\",\"blocks\":[9,9],\"positions\":[[-1,-1]],\"heads\":[6],\"sequences\":[],\"change\":\"zero\"}]}");
        assertThat(Edits.parse(Edits.none().toJson())).isEqualTo(Edits.none());
        assertThat(List.of(Edits.none().toString())).containsExactly("no edits");
    }
}
