package microtome.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import microtome.display.Column;
import microtome.display.Table;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code doctor}: what is here, what is missing, and what to do about it. */
@Command(
        name = "doctor",
        description = {
            "Looks at the JDK, the processor, every backend, the models and the notebook kernels, then checks matrix products",
            "and measures them and memory for two seconds beside what the machine can do at most.",
            "Exit status 1 when the notebooks cannot run."
        })
final class DoctorCommand implements Callable<Integer> {
    @Spec
    private CommandSpec specification;

    @Option(
            names = "--self-test",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description = "Check and measure the best backend for two seconds; --no-self-test leaves it out.")
    private boolean selfTest;

    private DoctorCommand() {}

    @Override
    public Integer call() {
        PrintWriter out = specification.commandLine().getOut();
        Doctor doctor = Doctor.ofThisMachine();
        List<Finding> findings = new ArrayList<>(doctor.findings());
        if (selfTest) {
            findings.addAll(doctor.selfTest());
        }
        out.println(table(findings).plainText());
        findings.stream()
                .filter(finding -> !finding.fix().isEmpty())
                .forEach(finding -> out.println("fix for %s: %s".formatted(finding.what(), finding.fix())));
        List<Finding> needed = findings.stream()
                .filter(finding -> finding.state() == Finding.State.NEEDED)
                .toList();
        out.println(
                needed.isEmpty()
                        ? "doctor: OK, the notebooks can run"
                        : "doctor: FAILED, the notebooks cannot run without "
                                + needed.stream().map(Finding::what).collect(Collectors.joining(", ")));
        return needed.isEmpty() ? 0 : Problems.CHECK_FAILED;
    }

    private static Table table(List<Finding> findings) {
        var table = Table.of(Column.text("what"), Column.text("state"), Column.text("details"));
        for (Finding finding : findings) {
            table = table.row(finding.what(), finding.state(), finding.details());
        }
        return table;
    }
}
