package microtome.probe.data.prompt;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import microtome.model.format.Nearest;

/** Makes a set of a file of comma-separated values. */
final class CsvPrompts {
    private static final List<String> COLUMNS = List.of("text", "label", "group", "word");

    private final List<String> header;

    private CsvPrompts(List<String> header) {
        this.header = header;
    }

    static PromptSet read(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString(), null, "there is no such file");
        }
        try {
            return new PromptSet(name(file), prompts(decoded(Files.readAllBytes(file))), List.of());
        } catch (IllegalArgumentException problem) {
            throw new IllegalArgumentException("%s: %s".formatted(file, problem.getMessage()), problem);
        }
    }

    private static String name(Path file) {
        String name = file.getFileName().toString();
        int dot = name.lastIndexOf('.');
        return dot > 0 ? name.substring(0, dot) : name;
    }

    private static String decoded(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException other) {
            throw new IllegalArgumentException("the file is not UTF-8; save it as UTF-8", other);
        }
    }

    private static List<Prompt> prompts(String text) {
        List<CsvRows.Row> rows = CsvRows.of(text);
        if (rows.isEmpty()) {
            throw new IllegalArgumentException("the file is empty; its first line names the columns: text,label");
        }
        var columns = new CsvPrompts(checkedHeader(rows.getFirst()));
        var prompts = new ArrayList<Prompt>();
        for (CsvRows.Row row : rows.subList(1, rows.size())) {
            prompts.add(columns.prompt(row));
        }
        if (prompts.isEmpty()) {
            throw new IllegalArgumentException(
                    "there is no prompt behind the names of the columns; give at least one line");
        }
        return prompts;
    }

    private static List<String> checkedHeader(CsvRows.Row row) {
        List<String> header = row.fields().stream().map(String::strip).toList();
        for (String column : header) {
            if (!COLUMNS.contains(column)) {
                throw new IllegalArgumentException(
                        "line %d: unknown column '%s'; %s; the first line names the columns, such as text,label,group,word"
                                .formatted(row.line(), column, Nearest.clause(column, COLUMNS)));
            }
        }
        if (header.stream().distinct().count() < header.size()) {
            throw new IllegalArgumentException(
                    "line %d: a column stands twice in %s".formatted(row.line(), String.join(",", header)));
        }
        for (String needed : List.of("text", "label")) {
            if (!header.contains(needed)) {
                throw new IllegalArgumentException("line %d: no column '%s' among %s; the first line names the columns"
                        .formatted(row.line(), needed, String.join(",", header)));
            }
        }
        return header;
    }

    private Prompt prompt(CsvRows.Row row) {
        if (row.fields().size() != header.size()) {
            throw new IllegalArgumentException(
                    "line %d: %d fields for %d columns; put texts with commas in double quotes"
                            .formatted(row.line(), row.fields().size(), header.size()));
        }
        if (field(row, "label").isBlank()) {
            throw new IllegalArgumentException("line %d: no label; give each prompt one".formatted(row.line()));
        }
        try {
            return new Prompt(field(row, "text"), field(row, "label"), field(row, "group"), field(row, "word"));
        } catch (IllegalArgumentException problem) {
            throw new IllegalArgumentException("line %d: %s".formatted(row.line(), problem.getMessage()), problem);
        }
    }

    private String field(CsvRows.Row row, String column) {
        int index = header.indexOf(column);
        return index < 0 ? "" : row.fields().get(index);
    }
}
