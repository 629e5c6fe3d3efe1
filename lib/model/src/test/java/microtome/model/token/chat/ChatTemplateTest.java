package microtome.model.token.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import microtome.model.token.Message;
import org.junit.jupiter.api.Test;

class ChatTemplateTest {
    private static String resource(String name) throws IOException {
        try (InputStream stream = ChatTemplateTest.class.getResourceAsStream("templates/" + name)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String render(String template, List<Message> messages, boolean addGenerationPrompt) {
        return ChatTemplate.render(
                template,
                Turns.of(messages),
                Map.of("add_generation_prompt", addGenerationPrompt, "bos_token", "<s>", "eos_token", "</s>"));
    }

    @Test
    void rendersWhatJinjaRenders() throws IOException {
        for (JsonNode line : new JsonMapper().readTree(resource("rendered.json"))) {
            String template = resource(line.get("template").asText() + ".jinja");
            List<Message> messages = new ArrayList<>();
            line.get("messages")
                    .forEach(message -> messages.add(new Message(
                            message.get("role").asText(), message.get("content").asText())));
            boolean prompt = line.get("addGenerationPrompt").asBoolean();
            if (line.has("refused")) {
                assertThatThrownBy(() -> render(template, messages, prompt))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessage("the chat template refuses these messages: "
                                + line.get("refused").asText());
            } else {
                assertThat(render(template, messages, prompt))
                        .as(line.toString())
                        .isEqualTo(line.get("rendered").asText());
            }
        }
    }

    @Test
    void contentsAreNeverInterpretedNorEscaped() {
        StringBuilder content = new StringBuilder("{{ 7 * 7 }}{% raw %}\\n\\u0041&lt;<b>'\"");
        for (int codePoint = 0; codePoint < 0x3000; codePoint++) {
            content.appendCodePoint(codePoint);
        }
        assertThat(render("{{ messages[0].content }}", List.of(Message.user(content.toString())), false))
                .isEqualTo(content.toString());
    }

    @Test
    void aBrokenTemplateIsNamed() {
        assertThatThrownBy(() -> render("{% for x in %}", List.of(), false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("the chat template cannot be rendered: line 1");
    }

    @Test
    void aTemplateReachesNothingOfJava() {
        String reach = "{{ messages.getClass().forName('java.lang.Runtime') }}";
        assertThatThrownBy(() -> render(reach, List.of(Message.user("a")), false))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aMessageNeedsARole() {
        assertThatThrownBy(() -> new Message(" ", "a")).hasMessageContaining("needs a role");
    }
}
