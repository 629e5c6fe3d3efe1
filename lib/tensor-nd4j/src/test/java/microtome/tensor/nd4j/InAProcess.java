package microtome.tensor.nd4j;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Runs a program in a process of its own, because a process looks for each library once. */
record InAProcess(Path folder, String classPath, List<String> options, Map<String, String> variables) {

    /** With the class path and the unpacked libraries of this process, and what it prints as one line each. */
    static InAProcess in(Path folder) {
        return new InAProcess(
                folder,
                System.getProperty("java.class.path"),
                List.of(
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-Djava.util.logging.SimpleFormatter.format=%4$s: %5$s%n",
                        "-Dorg.bytedeco.javacpp.cachedir=" + System.getProperty("org.bytedeco.javacpp.cachedir")),
                Map.of());
    }

    /** Our own native library is looked for in a folder that has none. */
    InAProcess withoutTheNativeLibrary() {
        var more = new ArrayList<>(options);
        more.add("-Dmicrotome.native=" + folder);
        return new InAProcess(folder, classPath, more, variables);
    }

    /** Without the jars and folders of classes whose paths match. */
    InAProcess without(String paths) {
        var left = Arrays.stream(classPath.split(":"))
                .filter(entry -> !entry.matches(paths))
                .collect(Collectors.joining(":"));
        return new InAProcess(folder, left, options, variables);
    }

    /** With an environment variable more. */
    InAProcess with(String variable, String value) {
        return new InAProcess(folder, classPath, options, Map.of(variable, value));
    }

    /** What a process printed and how it ended. */
    record Ended(int status, String out, String err) {}

    Ended run(String main, Object... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", classPath, main));
        Arrays.stream(arguments).map(Object::toString).forEach(command::add);
        Path err = folder.resolve("err.txt");
        var builder = new ProcessBuilder(command).redirectError(err.toFile());
        builder.environment().putAll(variables);
        var process = builder.start();
        var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), out, Files.readString(err));
    }
}
