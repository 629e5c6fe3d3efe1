package microtome.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import microtome.display.Displayable;
import microtome.display.Displays;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command {@code microtome}; every task is a subcommand. */
@Command(
        name = "microtome",
        description = "Cuts language models into their layers and looks at each of them.",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        versionProvider = LibraryVersion.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            DoctorCommand.class,
            ModelsCommand.class,
            FetchCommand.class,
            ParityCommand.class,
            ActivationsCommand.class,
            BenchCommand.class
        },
        footer = "%nExit status: 0 success, 1 a check failed, 2 wrong call or bad input.")
public final class Main implements Runnable {
    private static final String LOG_FORMAT = "java.util.logging.SimpleFormatter.format";

    @Option(names = "--trace", scope = ScopeType.INHERIT, description = "Print the stack trace of an error.")
    private boolean trace;

    @Spec
    private CommandSpec specification;

    private Main() {}

    /** Runs one command and ends the process with its exit status. */
    public static void main(String[] arguments) {
        Locale.setDefault(Locale.ROOT); // numbers with a point, whatever the machine's language
        if (System.getProperty(LOG_FORMAT) == null) {
            System.setProperty(LOG_FORMAT, "microtome: %4$s: %5$s%n"); // warnings of the library, one line each
        }
        Displays.install(new NoProgress()); // results alone go to the output, for programs that read it
        var out = new PrintWriter(new PrintStream(System.out, true, StandardCharsets.UTF_8), true);
        var err = new PrintWriter(new PrintStream(System.err, true, StandardCharsets.UTF_8), true);
        System.exit(run(out, err, arguments));
    }

    /** Runs one command and returns its exit status. */
    static int run(PrintWriter out, PrintWriter err, String... arguments) {
        var main = new Main();
        CommandLine command = new CommandLine(main)
                .setOut(out)
                .setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler((problem, given) -> Problems.wrongCall(problem))
                .setExecutionExceptionHandler((problem, failed, given) -> Problems.report(problem, err, main.trace));
        int status = executed(command, main, arguments);
        out.flush();
        err.flush();
        return status;
    }

    /** The parser hands exceptions to its handlers, but lets errors through. */
    private static int executed(CommandLine command, Main main, String... arguments) {
        try {
            return command.execute(arguments);
        } catch (Error error) {
            return Problems.report(error, command.getErr(), main.trace);
        }
    }

    @Override
    public void run() {
        throw new ParameterException(specification.commandLine(), "a command is missing");
    }

    private static final class NoProgress implements Displays.Sink {
        @Override
        public void display(String id, Displayable value) {}

        @Override
        public void update(String id, Displayable value) {}
    }
}
