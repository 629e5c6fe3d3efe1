package microtome.model.generate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import microtome.display.Displayable;
import microtome.display.Displays;
import microtome.display.MimeTypes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LiveTextTest {
    private static final long MILLISECOND = 1_000_000;

    private final AtomicLong clock = new AtomicLong(77);
    private final List<String> shown = new ArrayList<>();

    @AfterEach
    void uninstall() {
        Displays.uninstall();
    }

    private void install(boolean replaces) {
        Displays.install(new Displays.Sink() {
            @Override
            public void display(String id, Displayable value) {
                shown.add("new " + value.plainText());
            }

            @Override
            public void update(String id, Displayable value) {
                shown.add(value.plainText());
            }

            @Override
            public boolean replaces() {
                return replaces;
            }
        });
    }

    private LiveText live() {
        return new LiveText(List.of("Once", "<b>"), clock::get);
    }

    private static Displayable result() {
        return () -> Map.of(MimeTypes.TEXT, "result");
    }

    @Test
    void textGrowsInPlaceTenTimesASecondAtMostAndTheResultTakesItsPlace() {
        install(true);
        LiveText live = live();
        for (int i = 0; i < 10; i++) {
            clock.addAndGet(60 * MILLISECOND);
            live.wrote(0, Integer.toString(i));
        }
        live.end(result());
        assertThat(shown)
                .containsExactly(
                        "new Once‖01234 […]\n<b>‖ […]\n",
                        "Once‖0123456 […]\n<b>‖ […]\n",
                        "Once‖012345678 […]\n<b>‖ […]\n",
                        "result");
    }

    @Test
    void shortTextsComeAtOnce() {
        install(true);
        LiveText live = live();
        live.wrote(0, "x");
        live.clear();
        assertThat(shown).isEmpty();
        live.end(result());
        assertThat(shown).containsExactly("new result");
    }

    @Test
    void aConsoleIsNotFilledWithBeginnings() {
        install(false);
        LiveText live = live();
        clock.addAndGet(900 * MILLISECOND);
        live.wrote(0, "x");
        live.end(result());
        assertThat(shown).containsExactly("new result");
    }

    @Test
    void clearedTextLeavesNothing() {
        install(true);
        LiveText live = live();
        clock.addAndGet(900 * MILLISECOND);
        live.wrote(1, "x & y");
        live.clear();
        assertThat(shown).containsExactly("new Once‖ […]\n<b>‖x & y […]\n", "");
    }
}
