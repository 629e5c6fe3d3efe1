package microtome.model.token.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import microtome.model.token.Message;
import microtome.model.token.TokenResources;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Templates in the style of each family give, letter for letter, what transformers' own engine makes of them. */
class FamilyTemplatesTest {
    private static final String FOLDER = "chat/templates/families/";
    private static final Clock THEN = Clock.fixed(Instant.parse("2026-03-05T14:07:09Z"), ZoneOffset.UTC);
    private static final JsonNode CONVERSATIONS = TokenResources.json(FOLDER + "conversations.json");

    static List<JsonNode> renderings() {
        return StreamSupport.stream(
                        TokenResources.json(FOLDER + "rendered.json").spliterator(), false)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("renderings")
    void rendersAsTransformersDoes(JsonNode rendering) {
        JsonNode conversation = CONVERSATIONS.get(rendering.get("conversation").asInt());
        String template = TokenResources.text(FOLDER + rendering.get("template").asText() + ".jinja");
        if (rendering.has("refused")) {
            assertThatThrownBy(() -> render(template, conversation))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("the chat template refuses these messages: "
                            + rendering.get("refused").asText());
        } else {
            assertThat(render(template, conversation))
                    .isEqualTo(rendering.get("rendered").asText());
        }
    }

    private static String render(String template, JsonNode conversation) {
        List<Message> messages = new ArrayList<>();
        conversation
                .get("messages")
                .forEach(message -> messages.add(new Message(
                        message.get("role").asText(), message.get("content").asText())));
        Map<String, Object> variables =
                new JsonMapper().convertValue(conversation.get("variables"), new TypeReference<>() {});
        variables.put(
                "add_generation_prompt", conversation.get("addGenerationPrompt").asBoolean());
        variables.put("bos_token", "<s>");
        variables.put("eos_token", "</s>");
        return ScopedValue.where(TemplateFunctions.CLOCK, THEN)
                .call(() -> ChatTemplate.render(template, Turns.of(messages), variables));
    }

    @Test
    void datesAreWrittenAsInPython() {
        assertThat(ScopedValue.where(TemplateFunctions.CLOCK, THEN)
                        .call(() -> TemplateFunctions.now("%A %a %d %-d %B %b %y %Y %H %I %p %M %S %j %% %Y-%m-%d")))
                .isEqualTo("Thursday Thu 05 5 March Mar 26 2026 14 02 PM 07 09 064 % 2026-03-05");
        assertThatThrownBy(() -> TemplateFunctions.now("%Q")).hasMessageContaining("%Q");
    }

    @Test
    void textsHaveTheMethodsOfPython() {
        assertThat(PythonText.call(" \u00a0a\u2003\n", "strip")).isEqualTo("a");
        assertThat(PythonText.call("xxaxx", "lstrip", "x")).isEqualTo("axx");
        assertThat(PythonText.call("a,b,c", "split", ",", 1L)).isEqualTo(List.of("a", "b,c"));
        assertThat(PythonText.call("a,b,c", "rsplit", ",", 1L)).isEqualTo(List.of("a,b", "c"));
        assertThat(PythonText.call("aaa", "rsplit", "aa")).isEqualTo(List.of("a", ""));
        assertThat(PythonText.call("  a b\n", "split")).isEqualTo(List.of("a", "b"));
        assertThat(PythonText.call("ab", "startswith", List.of("x", "a"))).isEqualTo(true);
        assertThat(PythonText.call("aXbX", "replace", "X", "-", 1L)).isEqualTo("a-bX");
        assertThat(PythonText.call("they're OK", "title")).isEqualTo("They'Re Ok");
        assertThat(PythonText.call("<a>", "removeprefix", "<")).isEqualTo("a>");
        assertThat(PythonText.call("aba", "count", "a")).isEqualTo(2L);
        assertThat(PythonText.call(", ", "join", List.of(1, 2))).isEqualTo("1, 2");
    }
}
