package microtome.display;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private final AtomicLong clock = new AtomicLong(5_000_000_000_000L);
    private final Recorder recorder = new Recorder();

    private static final class Recorder implements Displays.Sink {
        final List<String> displayed = new ArrayList<>();
        final List<String> updated = new ArrayList<>();
        final HashSet<String> ids = new HashSet<>();

        @Override
        public void display(String id, Displayable value) {
            ids.add(id);
            displayed.add(value.plainText());
        }

        @Override
        public void update(String id, Displayable value) {
            ids.add(id);
            updated.add((String) value.mimeBundle().get(MimeTypes.TEXT));
        }
    }

    @BeforeEach
    void installRecorder() {
        Displays.install(recorder);
    }

    @AfterEach
    void uninstallRecorder() {
        Displays.uninstall();
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void isSilentUnderHalfASecond() {
        try (var progress = progress(100)) {
            for (int i = 0; i < 100; i++) {
                advance(4);
                progress.step();
            }
        }
        assertThat(recorder.displayed).isEmpty();
        assertThat(recorder.updated).isEmpty();
    }

    @Test
    void showsOneLineAtMostTenTimesASecondAndItsEnd() {
        try (var progress = progress(2000)) {
            for (int i = 0; i < 2000; i++) {
                advance(2);
                progress.step();
            }
        }
        assertThat(recorder.ids).hasSize(1);
        assertThat(recorder.displayed).containsExactly("harvest: ███░░░░░░░░░░░░░░░░░ 250/2000, 500/s, 3.5 s left");
        assertThat(recorder.updated).hasSize(36); // 3.5 s more at ten a second, and the end
        assertThat(recorder.updated.getLast()).isEqualTo("harvest: done 2000/2000 in 4.0 s");
    }

    @Test
    void countsBytesInTheUnitsOfDisksAndNetworks() {
        try (var progress = new Progress("download", 98_362_432, true, clock::get)) {
            advance(1000);
            progress.step(24_500_000);
            advance(1000);
            progress.step(73_862_432);
        }
        assertThat(recorder.displayed)
                .containsExactly("download: █████░░░░░░░░░░░░░░░ 24.5/98.4 MB, 24.5 MB/s, 3.0 s left");
        assertThat(recorder.updated.getLast()).isEqualTo("download: done 98.4/98.4 MB in 2.0 s");
        assertThat(Bytes.text(999)).isEqualTo("999 B");
        assertThat(Bytes.text(1_500)).isEqualTo("1.5 kB");
        assertThat(Bytes.text(9_999_000_000L)).isEqualTo("9999.0 MB");
        assertThat(Bytes.text(12_345_000_000L)).isEqualTo("12.3 GB");
    }

    @Test
    void knowsNoTimeLeftWithoutATotal() {
        try (var progress = new Progress("read", -1, clock::get)) {
            advance(1000);
            progress.step(30);
        }
        assertThat(recorder.displayed).containsExactly("read: 30, 30/s");
        assertThat(recorder.updated).containsExactly("read: done 30 in 1.0 s");
    }

    @Test
    void showsANoteBehindTheRate() {
        try (var progress = progress(100)) {
            progress.note("1,410 tokens/s");
            advance(1000);
            progress.step(25);
        }
        assertThat(recorder.displayed)
                .containsExactly("harvest: █████░░░░░░░░░░░░░░░ 25/100, 25/s, 1,410 tokens/s, 3.0 s left");
    }

    @Test
    void stopsWhenInterruptedAndSaysHowFarItCame() {
        assertThatThrownBy(() -> {
                    try (var progress = progress(10)) {
                        advance(900);
                        progress.step(3);
                        Thread.currentThread().interrupt();
                        advance(100);
                        progress.step();
                    }
                })
                .isInstanceOf(InterruptedWorkException.class)
                .hasMessage("harvest: stopped at 4/10 after 1.0 s");
        assertThat(recorder.updated).containsExactly("harvest: stopped at 4/10 after 1.0 s");
    }

    @Test
    void stopsEvenWhileSilent() {
        Thread.currentThread().interrupt();
        try (var progress = progress(10)) {
            assertThatThrownBy(progress::step).isInstanceOf(InterruptedWorkException.class);
        }
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> Progress.stopIfInterrupted("fit")).hasMessage("fit: stopped");
        Progress.stopIfInterrupted("fit"); // cleared
    }

    @Test
    void refusesANegativeTotal() {
        assertThatThrownBy(() -> Progress.of("x", -1)).hasMessageContaining("-1 steps; give 0 or more");
    }

    @Test
    void survivesNoStepsAndTooMany() {
        try (var progress = progress(0)) {
            advance(1000);
            progress.step(5);
        }
        assertThat(recorder.displayed.getFirst()).contains("5/0", "0.0 s left");
    }

    @Test
    void writesDurations() {
        assertThat(Progress.duration(59_900_000_000L)).isEqualTo("59.9 s");
        assertThat(Progress.duration(125_000_000_000L)).isEqualTo("2 min 05 s");
        assertThat(Progress.duration(3_725_000_000_000L)).isEqualTo("1 h 02 min");
    }

    @Test
    void printsOnTheConsoleAtMostEveryTwoSecondsButAlwaysTheEnd() {
        var printed = new ByteArrayOutputStream();
        var stream = new PrintStream(printed, true, StandardCharsets.UTF_8);
        Displays.install(new ConsoleSink(clock::get, () -> stream));
        try (var progress = progress(500)) {
            for (int i = 0; i < 500; i++) {
                advance(10);
                progress.step();
            }
        }
        assertThat(printed.toString(StandardCharsets.UTF_8).lines())
                .hasSize(4) // at 0.5, 2.5 and 4.5 s, and the end
                .last(org.assertj.core.api.InstanceOfAssertFactories.STRING)
                .isEqualTo("harvest: done 500/500 in 5.0 s");
    }

    @Test
    void printsOtherValuesOnTheConsoleAtOnce() {
        var printed = new ByteArrayOutputStream();
        var stream = new PrintStream(printed, true, StandardCharsets.UTF_8);
        Displays.install(new ConsoleSink(clock::get, () -> stream));
        var id = Displays.show(() -> Map.of(MimeTypes.TEXT, "one"));
        Displays.update(id, () -> Map.of(MimeTypes.TEXT, "two"));
        assertThat(printed.toString(StandardCharsets.UTF_8).lines()).containsExactly("one", "two");
    }

    @Test
    void refusesToInstallNothing() {
        assertThatThrownBy(() -> Displays.install(null)).hasMessageContaining("call Displays.uninstall()");
        assertThat(Displays.get()).isSameAs(recorder);
    }

    private Progress progress(long total) {
        return new Progress("harvest", total, clock::get);
    }

    private void advance(long milliseconds) {
        clock.addAndGet(milliseconds * 1_000_000);
    }
}
