package microtome.model.corpus.document;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import microtome.display.Json;
import microtome.model.format.Nearest;

/** How texts lie in a file. */
interface TextFile {
    /** The texts of one open file. */
    interface Texts {
        /** The next text, or null at the end. */
        String next();

        /** Where the text last given stands. */
        String source();

        void close();
    }

    Texts open(Path file);

    /** How many texts the file has. */
    long count(Path file);

    /** Every line is a text. */
    TextFile LINES = new TextFile() {
        @Override
        public Texts open(Path file) {
            return new Lines(file) {
                @Override
                public String next() {
                    return line();
                }
            };
        }

        @Override
        public long count(Path file) {
            return Utf8Lines.count(file);
        }
    };

    /** The file is one text. */
    TextFile WHOLE = new TextFile() {
        @Override
        public Texts open(Path file) {
            return new Whole(file);
        }

        @Override
        public long count(Path file) {
            return 1;
        }
    };

    /** Every line is a JSON object, and the text is in one of its fields. */
    static TextFile jsonLines(String field) {
        return new TextFile() {
            @Override
            public Texts open(Path file) {
                return new Lines(file) {
                    @Override
                    public String next() {
                        String line = line();
                        return line == null || line.isBlank() ? line : textOf(line, field, source());
                    }
                };
            }

            @Override
            public long count(Path file) {
                return Utf8Lines.count(file);
            }
        };
    }

    private static String textOf(String line, String field, String source) {
        Object tree;
        try {
            tree = Json.read(line);
        } catch (IllegalArgumentException broken) {
            throw new IllegalArgumentException("%s: %s".formatted(source, broken.getMessage()), broken);
        }
        if (!(tree instanceof Map<?, ?> object)) {
            throw new IllegalArgumentException(
                    "%s: a line must be a JSON object, such as {\"%s\": \"…\"}".formatted(source, field));
        }
        Object value = object.get(field);
        if (value instanceof String text) {
            return text;
        }
        List<String> names = object.keySet().stream().map(String::valueOf).toList();
        throw new IllegalArgumentException(
                object.containsKey(field)
                        ? "%s: field '%s' is not a text".formatted(source, field)
                        : "%s: there is no field '%s'; %s".formatted(source, field, Nearest.clause(field, names)));
    }

    /** Lines with their numbers. */
    abstract class Lines implements Texts {
        private final Path file;
        private final Utf8Lines lines;
        private long number;

        Lines(Path file) {
            this.file = file;
            this.lines = new Utf8Lines(file);
        }

        String line() {
            number++;
            return lines.next();
        }

        @Override
        public String source() {
            return "%s:%d".formatted(file.getFileName(), number);
        }

        @Override
        public void close() {
            lines.close();
        }
    }

    /** The whole file once. */
    final class Whole implements Texts {
        private final Path file;
        private boolean given;

        Whole(Path file) {
            this.file = file;
        }

        @Override
        public String next() {
            if (given) {
                return null;
            }
            given = true;
            try {
                byte[] bytes = Files.readAllBytes(file);
                int from = Utf8Lines.markLength(bytes, bytes.length);
                return Utf8Lines.decode(file, bytes, from, bytes.length, from);
            } catch (IOException unreadable) {
                throw new UncheckedIOException(file + ": cannot be read", unreadable);
            }
        }

        @Override
        public String source() {
            return file.toString();
        }

        @Override
        public void close() {
            // The file was read in one go.
        }
    }
}
