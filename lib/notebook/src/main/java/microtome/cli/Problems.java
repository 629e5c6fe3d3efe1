package microtome.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.util.stream.Collectors;
import microtome.cli.bench.WrongResult;
import microtome.model.format.BadWeightFile;
import microtome.tensor.OutOfMemory;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns exceptions into one message for the reader and an exit status. */
final class Problems {
    static final int CHECK_FAILED = 1;
    static final int BAD_INPUT = 2;

    private Problems() {}

    /** A call that the parser does not understand. */
    static int wrongCall(ParameterException problem) {
        CommandLine command = problem.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("microtome: " + problem.getMessage());
        UnmatchedArgumentException.printSuggestions(problem, err);
        if (command.getSubcommands().isEmpty()) {
            err.println(command.getHelp().synopsis(0).strip());
        } else {
            err.println("commands: "
                    + command.getSubcommands().keySet().stream().sorted().collect(Collectors.joining(", ")));
        }
        err.println("more: %s --help".formatted(command.getCommandSpec().qualifiedName()));
        return BAD_INPUT;
    }

    /** A command that failed. */
    static int report(Throwable problem, PrintWriter err, boolean trace) {
        err.println("microtome: " + message(problem));
        if (trace) {
            problem.printStackTrace(err);
        } else if (!isForeseen(problem)) {
            err.println(
                    "run the same command with --trace to see where; that trace belongs into a report of the error");
        }
        return isBadInput(problem) ? BAD_INPUT : CHECK_FAILED;
    }

    private static boolean isForeseen(Throwable problem) {
        return problem.getMessage() != null && (isBadInput(problem) || problem instanceof WrongResult)
                || problem instanceof OutOfMemoryError
                || problem instanceof OutOfMemory;
    }

    private static boolean isBadInput(Throwable problem) {
        return problem instanceof IllegalArgumentException
                || problem instanceof BadWeightFile
                || problem instanceof UnsupportedOperationException
                || problem instanceof IOException
                || problem instanceof UncheckedIOException;
    }

    private static String message(Throwable problem) {
        if (problem instanceof OutOfMemoryError) {
            return "out of memory: %s; the Java heap may hold %d MiB; a shorter text or fewer --sites need less"
                    .formatted(problem.getMessage(), Runtime.getRuntime().maxMemory() >> 20);
        }
        return isForeseen(problem) ? foreseen(problem) : "unexpected " + problem;
    }

    /** The JDK's file exceptions say only the path; these say what happened to it. */
    private static String foreseen(Throwable problem) {
        Throwable root = problem instanceof UncheckedIOException unchecked ? unchecked.getCause() : problem;
        if (root instanceof FileSystemException file && file.getReason() == null) {
            String kind =
                    file.getClass().getSimpleName().replace("Exception", "").replaceAll("(?<=[a-z])(?=[A-Z])", " ");
            return "%s: %s".formatted(file.getFile(), kind.toLowerCase());
        }
        return problem.getMessage();
    }
}
