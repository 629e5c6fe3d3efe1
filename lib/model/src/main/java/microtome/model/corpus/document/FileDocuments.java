package microtome.model.corpus.document;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import microtome.model.corpus.document.Document.Content;

/** Documents in files, one file after another. */
record FileDocuments(List<Path> files, TextFile form) implements DocumentSource {
    private static final int STEP = 1 << 16;

    FileDocuments {
        files = List.copyOf(files);
        for (Path file : files) {
            if (!Files.isRegularFile(file)) {
                throw new IllegalArgumentException("%s %s"
                        .formatted(
                                file,
                                Files.isDirectory(file)
                                        ? "is a folder; give its files, one by one"
                                        : "does not exist or is not a file"));
            }
        }
    }

    @Override
    public DocumentCursor open() {
        var reading = new Reading(files.iterator(), form);
        return DocumentCursor.of(reading::next, reading::close);
    }

    private static final class Reading {
        private final Iterator<Path> files;
        private final TextFile form;
        private TextFile.Texts open;
        private long number;

        Reading(Iterator<Path> files, TextFile form) {
            this.files = files;
            this.form = form;
        }

        Document next() {
            while (true) {
                if (open == null && !files.hasNext()) {
                    return null;
                }
                open = open == null ? form.open(files.next()) : open;
                String text = open.next();
                if (text != null) {
                    return new Document(number++, open.source(), new Content.Text(text));
                }
                close();
            }
        }

        void close() {
            if (open != null) {
                open.close();
                open = null;
            }
        }
    }

    @Override
    public OptionalLong count() {
        long count = 0;
        for (Path file : files) {
            count += form.count(file);
        }
        return OptionalLong.of(count);
    }

    @Override
    public Optional<String> fingerprint() {
        var hash = new Fingerprint();
        var bytes = new byte[STEP];
        for (Path file : files) {
            try (var input = Files.newInputStream(file)) {
                hash.add(Files.size(file));
                for (int read = input.read(bytes); read >= 0; read = input.read(bytes)) {
                    hash.addPart(bytes, read);
                }
            } catch (IOException unreadable) {
                throw new UncheckedIOException(file + ": cannot be read", unreadable);
            }
        }
        return Optional.of(hash.value());
    }
}
