package microtome.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

class MainTest {
    @Test
    void anUnknownCommandNamesTheNearestAndAll() {
        Call call = Call.of("parti");
        assertThat(call.status()).isEqualTo(2);
        assertThat(call.err())
                .contains(
                        "'parti'",
                        "Did you mean: microtome parity",
                        "commands: activations, bench, doctor, fetch, models, parity");
        assertThat(call.out()).isEmpty();
    }

    @Test
    void anUnknownOptionNamesTheNearest() {
        Call call = Call.of("parity", "--bakend=cpu", "folder");
        assertThat(call.status()).isEqualTo(2);
        assertThat(call.err()).contains("--bakend", "--backend", "more: microtome parity --help");
    }

    @Test
    void aMissingArgumentIsNamed() {
        assertThat(Call.of("parity").err()).contains("Missing required parameter: 'DIR'");
        assertThat(Call.of("activations", "--model=x").err()).contains("--text", "--output");
        assertThat(Call.of().err()).contains("a command is missing");
    }

    @Test
    void anUnknownBenchmarkNamesAll() {
        Call call = Call.of("bench", "nothing");
        assertThat(call.status()).isEqualTo(2);
        assertThat(call.err()).contains("HARVEST", "BACKWARD", "START", "MEMORY", "LENS", "'nothing'");
    }

    @Test
    void modelsListsTheBundledModelAndWhereItLooked() {
        Call call = Call.of("models");
        assertThat(call.status()).isZero();
        assertThat(call.out()).contains("smollm2-135m-instruct", "searched: ", "cache ");
    }

    @Test
    void fetchTakesOnlyNamesOfTheHub() {
        Call call = Call.of("fetch", "smollm2-135m-instruct");
        assertThat(call.status()).isEqualTo(2);
        assertThat(call.err()).contains("'smollm2-135m-instruct' names no model of the hub; write hf:org/name");
    }

    @Test
    void everyCommandHasHelp() {
        for (String command : new String[] {"doctor", "models", "fetch", "parity", "activations", "bench"}) {
            Call call = Call.of(command, "--help");
            assertThat(call.status()).isZero();
            assertThat(call.out()).contains("Usage: microtome " + command, "--trace");
            assertThat(call.err()).isEmpty();
        }
        assertThat(Call.of("--version").out()).startsWith("microtome ");
    }

    @Test
    void anErrorIsOneMessageAndTheTraceComesOnRequest() {
        Call call = Call.of("parity", "nowhere");
        assertThat(call.err().lines()).hasSize(1);
        assertThat(Call.of("--trace", "parity", "nowhere").err()).contains("nowhere", "at microtome.cli");
        assertThat(Call.of("parity", "nowhere", "--trace").err()).contains("at microtome.cli");
    }

    @Test
    void whatNobodyForesawAsksForATrace() {
        assertThat(reported(new IllegalStateException("impossible")))
                .isEqualTo("1 microtome: unexpected java.lang.IllegalStateException: impossible");
        assertThat(reported(new NullPointerException()))
                .startsWith("1 microtome: unexpected java.lang.NullPointerException");
    }

    @Test
    void aFileExceptionSaysWhatHappenedToTheFile() {
        assertThat(reported(new NoSuchFileException("a.gguf"))).isEqualTo("2 microtome: a.gguf: no such file");
    }

    @Test
    void aFullHeapNamesItsLimit() {
        assertThat(reported(new OutOfMemoryError("Java heap space")))
                .startsWith("1 microtome: out of memory: Java heap space; the Java heap may hold");
    }

    private static String reported(Throwable problem) {
        var text = new StringWriter();
        int status = Problems.report(problem, new PrintWriter(text), false);
        return status + " " + text.toString().lines().findFirst().orElseThrow();
    }
}
