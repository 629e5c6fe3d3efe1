package microtome.model.store.hub;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The cache of Python's {@code huggingface_hub}, read and written as it does: {@code
 * models--org--name/blobs/<sum>}, {@code snapshots/<commit>/<file>} pointing there, {@code refs/<revision>} holding a
 * commit, {@code .no_exist/<commit>/<file>} for what a commit is known to lack.
 */
record HubCache(Path root, boolean symlinks) {
    private static final String PREFIX = "models--";
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
    private static final String TAG = "CACHEDIR.TAG";
    private static final String TAG_CONTENT =
            "Signature: 8a477f597d28d172789f06886806bc55\n# Models of the Hugging Face hub; they can be downloaded again.\n";

    static boolean isCommit(String text) {
        return COMMIT.matcher(text).matches();
    }

    Path repository(HubName name) {
        return root.resolve(name.folder());
    }

    Path blob(HubName name, Checksum sum) {
        return repository(name).resolve("blobs").resolve(sum.hex());
    }

    Path snapshot(HubName name, String commit) {
        return repository(name).resolve("snapshots").resolve(commit);
    }

    Path lock(HubName name) {
        return root.resolve(".locks").resolve(name.folder()).resolve("microtome.lock");
    }

    /** The commit that a revision was when it was last downloaded. */
    Optional<String> commit(HubName name) {
        if (isCommit(name.revision())) {
            return Optional.of(name.revision());
        }
        return read(repository(name).resolve("refs").resolve(name.revision()));
    }

    private static Optional<String> read(Path reference) {
        try {
            return Files.isRegularFile(reference)
                    ? Optional.of(Files.readString(reference).strip()).filter(HubCache::isCommit)
                    : Optional.empty();
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    boolean isKnownToLack(HubName name, String commit, String file) {
        return Files.exists(absence(name, commit, file));
    }

    private Path absence(HubName name, String commit, String file) {
        return repository(name).resolve(".no_exist").resolve(commit).resolve(file);
    }

    void noteAbsence(HubName name, String commit, String file) throws IOException {
        Path marker = absence(name, commit, file);
        if (!Files.exists(marker)) {
            Files.createDirectories(marker.getParent());
            Files.write(marker, new byte[0]);
        }
    }

    /** Makes the folders of a repository, and the mark by which programs that save disks know a cache. */
    void prepare(HubName name) throws IOException {
        Files.createDirectories(repository(name).resolve("blobs"));
        Path tag = root.resolve(TAG);
        if (!Files.exists(tag)) {
            write(tag, TAG_CONTENT);
        }
    }

    /** Notes which commit a revision is. */
    void refer(HubName name, String commit) throws IOException {
        if (!name.revision().equals(commit) && !commit(name).equals(Optional.of(commit))) {
            Path reference = repository(name).resolve("refs").resolve(name.revision());
            Files.createDirectories(reference.getParent());
            write(reference, commit);
        }
    }

    private static void write(Path file, String content) throws IOException {
        Path beside = beside(file);
        try {
            Files.writeString(beside, content, StandardCharsets.UTF_8);
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(beside);
        }
    }

    private static Path beside(Path file) {
        return file.resolveSibling("%s.%d-%d.tmp"
                .formatted(file.getFileName(), ProcessHandle.current().pid(), System.nanoTime()));
    }

    /** Whether a file of a snapshot is there in full. */
    boolean has(HubName name, String commit, HubFile file) throws IOException {
        Path pointer = snapshot(name, commit).resolve(file.path());
        return Files.isRegularFile(pointer) && Files.size(pointer) == file.bytes();
    }

    /** Whether a blob is there in full. */
    boolean hasBlob(HubName name, HubFile file) throws IOException {
        Path blob = blob(name, file.checksum());
        return Files.isRegularFile(blob) && Files.size(blob) == file.bytes();
    }

    /** Makes a snapshot's file point to its blob: by a relative link, where there are none by a second name, else by a copy. */
    void point(HubName name, String commit, HubFile file) throws IOException {
        Path blob = blob(name, file.checksum());
        Path pointer = snapshot(name, commit).resolve(file.path());
        Files.createDirectories(pointer.getParent());
        Path beside = beside(pointer);
        try {
            link(beside, pointer.getParent().relativize(blob), blob);
            Files.move(beside, pointer, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(beside);
        }
    }

    private void link(Path pointer, Path relative, Path blob) throws IOException {
        if (symlinks) {
            try {
                Files.createSymbolicLink(pointer, relative);
                return;
            } catch (IOException | UnsupportedOperationException notHere) {
                requireAbsent(pointer, notHere);
            }
        }
        try {
            Files.createLink(pointer, blob);
        } catch (IOException | UnsupportedOperationException notHere) {
            requireAbsent(pointer, notHere);
            Files.copy(blob, pointer);
        }
    }

    private static void requireAbsent(Path pointer, Exception notHere) throws IOException {
        if (notHere instanceof FileAlreadyExistsException exists) {
            throw new IOException(pointer + ": was made by somebody else meanwhile", exists);
        }
    }

    /**
     * Deletes what downloads of other commits left unfinished and nobody went on with for a day. Only for who holds the
     * lock of the repository.
     */
    void sweep(HubName name, Set<Checksum> current) throws IOException {
        var aDayAgo = FileTime.from(Instant.now().minus(Duration.ofDays(1)));
        for (Path file : list(repository(name).resolve("blobs"))) {
            String sum = file.getFileName().toString().replace(PartialBlob.ENDING, "");
            boolean unfinished = file.toString().endsWith(PartialBlob.ENDING) && Checksum.isOne(sum);
            if (unfinished
                    && !current.contains(new Checksum(sum))
                    && Files.getLastModifiedTime(file).compareTo(aDayAgo) < 0) {
                Files.delete(file);
            }
        }
    }

    /** Every repository and revision that is here, whether complete or not, in the order of their names. */
    List<HubName> names() {
        List<HubName> names = new ArrayList<>();
        for (Path repository : list(root)) {
            String folder = repository.getFileName().toString();
            if (folder.startsWith(PREFIX)) {
                addRevisions(
                        names, repository, folder.substring(PREFIX.length()).replace("--", "/"));
            }
        }
        return names;
    }

    private static void addRevisions(List<HubName> names, Path repository, String text) {
        HubName name;
        try {
            name = HubName.of(text);
        } catch (IllegalArgumentException foreign) {
            return; // a folder that neither Python nor we made
        }
        List<String> referred = new ArrayList<>();
        Path references = repository.resolve("refs");
        for (Path reference : walk(references)) {
            read(reference).ifPresent(commit -> {
                referred.add(commit);
                names.add(name.revision(
                        references.relativize(reference).toString().replace('\\', '/')));
            });
        }
        list(repository.resolve("snapshots")).stream()
                .map(snapshot -> snapshot.getFileName().toString())
                .filter(commit -> isCommit(commit) && !referred.contains(commit))
                .forEach(commit -> names.add(name.revision(commit)));
    }

    private static List<Path> list(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted().toList();
        } catch (IOException absent) {
            return List.of();
        }
    }

    private static List<Path> walk(Path folder) {
        try (Stream<Path> entries = Files.walk(folder)) {
            return entries.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException absent) {
            return List.of();
        }
    }
}
