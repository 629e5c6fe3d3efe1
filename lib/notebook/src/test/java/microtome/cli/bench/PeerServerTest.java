package microtome.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PeerServerTest {
    @Test
    void everyRequestGetsItsReply() {
        String echo = "while read -r line; do echo \"{\\\"got\\\": $line}\"; done";
        try (var server = PeerServer.start(List.of("sh", "-c", echo))) {
            assertThat(server.ask(Map.of("do", "load"))).isEqualTo(Map.of("got", Map.of("do", "load")));
            var request = new HashMap<String, Object>();
            request.put("keep", null);
            assertThat(server.ask(request)).isEqualTo(Map.of("got", request));
        }
    }

    @Test
    void whatThePeerCouldNotDoIsSaid() {
        try (var server = PeerServer.start(List.of("sh", "-c", "read -r line; echo '{\"error\": \"no weights\"}'"))) {
            assertThatThrownBy(() -> server.ask(Map.of("do", "load")))
                    .hasMessage("the peer could not load: no weights");
        }
    }

    @Test
    void aPeerThatDiesIsNoticed() {
        try (var server = PeerServer.start(List.of("sh", "-c", "read -r line; exit 3"))) {
            assertThatThrownBy(() -> server.ask(Map.of("do", "load")))
                    .hasMessageStartingWith("the peer ended while it was asked to load");
        }
    }
}
