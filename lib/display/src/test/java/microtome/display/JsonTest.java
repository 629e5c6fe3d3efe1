package microtome.display;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonTest {
    @Test
    void writesEveryKindOfNodeCompactly() {
        var tree = new Attributes()
                .with("a", 1)
                .with("b", List.of(true, "x\"\n"))
                .with("c", null)
                .with("d", new double[] {0.5, -2});
        assertThat(Json.write(tree)).isEqualTo("{\"a\":1,\"b\":[true,\"x\\\"\\n\"],\"c\":null,\"d\":[0.5,-2.0]}");
    }

    @Test
    void writesNotANumberAndInfinityAsNull() {
        var values = Arrays.asList(Double.NaN, Double.POSITIVE_INFINITY, Float.NaN, Float.NEGATIVE_INFINITY, 1.5f);
        assertThat(Json.write(values)).isEqualTo("[null,null,null,null,1.5]");
        assertThat(Json.write(new double[] {Double.NaN})).isEqualTo("[null]");
    }

    @Test
    void writesWholeNumbersOfAnySize() {
        var huge = BigInteger.TEN.pow(400); // as a double it would be infinite
        assertThat(Json.write(List.of(Long.MIN_VALUE, huge))).isEqualTo("[" + Long.MIN_VALUE + "," + huge + "]");
    }

    @Test
    void readsBackWhatItWrote() {
        var tree = Map.of("name", "<s>é\u2028🙂", "list", List.of(1, 2.5, false), "inner", Map.of());
        assertThat(Json.read(Json.write(tree))).isEqualTo(tree);
        assertThat(Json.read(Json.writeForScript(tree))).isEqualTo(tree);
    }

    @Test
    void isSafeInsideAScript() {
        assertThat(Json.writeForScript(Map.of("k", "</script><!--<script>")))
                .isEqualTo("{\"k\":\"\\u003c/script>\\u003c!--\\u003cscript>\"}");
    }

    @Test
    void namesWhatItCannotWrite() {
        assertThatThrownBy(() -> Json.write(Map.of("k", new Object())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a JSON tree holds maps, lists, numbers, booleans and strings, not java.lang.Object;"
                        + " convert it first");
    }

    @Test
    void namesThePlaceWhereTextIsNotJson() {
        assertThatThrownBy(() -> Json.read("{\"a\": 1,\n \"b\": }"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("not JSON: ")
                .hasMessageContaining("line 2");
        assertThatThrownBy(() -> Json.read("")).isInstanceOf(IllegalArgumentException.class);
    }
}
