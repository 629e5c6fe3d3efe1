package microtome.probe.data.prompt;

import java.util.ArrayList;
import java.util.List;

/** Reads comma-separated values as RFC 4180 defines them, and nothing laxer. */
final class CsvRows {
    /**
     * One row.
     *
     * @param line in which it begins, counted from 1
     */
    record Row(int line, List<String> fields) {
        Row {
            fields = List.copyOf(fields);
        }
    }

    private final String text;
    private int at;
    private int line = 1;

    private CsvRows(String text) {
        this.text = text;
    }

    /** All rows; lines with nothing in them are none. */
    static List<Row> of(String text) {
        var reader = new CsvRows(text.startsWith("\uFEFF") ? text.substring(1) : text);
        var rows = new ArrayList<Row>();
        while (reader.at < reader.text.length()) {
            Row row = reader.row();
            if (!row.fields().equals(List.of(""))) {
                rows.add(row);
            }
        }
        return rows;
    }

    private Row row() {
        int start = line;
        var fields = new ArrayList<String>();
        fields.add(field());
        while (at < text.length() && text.charAt(at) == ',') {
            at++;
            fields.add(field());
        }
        endOfLine();
        return new Row(start, fields);
    }

    private void endOfLine() {
        if (text.startsWith("\r\n", at)) {
            at += 2;
        } else if (at < text.length()) {
            at++;
        }
        line++;
    }

    private String field() {
        return at < text.length() && text.charAt(at) == '"' ? quoted() : plain();
    }

    private String plain() {
        int start = at;
        while (at < text.length() && ",\r\n".indexOf(text.charAt(at)) < 0) {
            if (text.charAt(at) == '"') {
                throw new IllegalArgumentException(
                        "line %d: a quote in the middle of a field; put the whole field in quotes and write the quote twice"
                                .formatted(line));
            }
            at++;
        }
        return text.substring(start, at);
    }

    private String quoted() {
        int start = line;
        var field = new StringBuilder();
        for (at++; at < text.length(); at++) {
            char letter = text.charAt(at);
            if (letter != '"') {
                field.append(letter);
                line += letter == '\n' ? 1 : 0;
            } else if (text.startsWith("\"\"", at)) {
                field.append('"');
                at++;
            } else {
                at++;
                return closed(field.toString());
            }
        }
        throw new IllegalArgumentException(
                "line %d: a quote is opened and never closed; close it, or write it twice if it is part of the text"
                        .formatted(start));
    }

    private String closed(String field) {
        if (at < text.length() && ",\r\n".indexOf(text.charAt(at)) < 0) {
            throw new IllegalArgumentException(
                    "line %d: '%s' stands behind a closing quote; a comma or the end of the line belongs there, and a quote inside a field is written twice"
                            .formatted(line, text.charAt(at)));
        }
        return field;
    }
}
