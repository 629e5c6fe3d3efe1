package microtome.tensor.foreign;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;

/** The native library and what it needs, inside a jar; copied out into one folder that is named after the contents. */
final class LibraryBundle {
    private static final List<String> COMPANIONS = List.of("libgomp.so.1", "libdnnl.so.3");
    private static final int NAME_BYTES = 12;

    private final ClassLoader resources;
    private final String folder;

    LibraryBundle(ClassLoader resources, String folder) {
        this.resources = resources;
        this.folder = folder;
    }

    /** One file of the jar; size and checksum come from the jar's directory, so nothing has to be read for them. */
    private record Packed(String name, URL source, long bytes, long checksum) {}

    /** The folder with all files, below {@code cache}; those that are there already are used as they are. */
    Path extractInto(Path cache) throws IOException {
        var files = files();
        var target = cache.resolve(contentName(files));
        Files.createDirectories(target);
        for (var file : files) {
            var place = target.resolve(file.name());
            if (!Files.isRegularFile(place) || Files.size(place) != file.bytes()) {
                copy(file, place);
            }
        }
        return target;
    }

    /** Other processes see the whole file or none: written beside its place, then moved there. */
    private static void copy(Packed file, Path place) throws IOException {
        var partial = Files.createTempFile(place.getParent(), file.name(), ".partial");
        try {
            try (var input = file.source().openStream()) {
                Files.copy(input, partial, StandardCopyOption.REPLACE_EXISTING);
            }
            Files.move(partial, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (FileAlreadyExistsException anotherProcessWasFaster) {
            Files.deleteIfExists(partial);
        } finally {
            Files.deleteIfExists(partial);
        }
    }

    private List<Packed> files() throws IOException {
        var names = new ArrayList<String>(COMPANIONS);
        names.add(LibraryFolders.LIBRARY);
        var files = new ArrayList<Packed>();
        for (var name : names) {
            var source = resources.getResource(folder + name);
            if (source != null) {
                var entry = ((JarURLConnection) source.openConnection()).getJarEntry();
                files.add(new Packed(name, source, entry.getSize(), entry.getCrc()));
            }
        }
        return files;
    }

    private static String contentName(List<Packed> files) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            for (var file : files) {
                var line = "%s %d %08x%n".formatted(file.name(), file.bytes(), file.checksum());
                digest.update(line.getBytes(StandardCharsets.UTF_8));
            }
            return HexFormat.of().formatHex(digest.digest(), 0, NAME_BYTES);
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every Java has SHA-256", impossible);
        }
    }

    /** Removes a folder and its parent's other traces; used for temporary copies only. */
    static void delete(Path folder) {
        try (var files = Files.walk(folder.getParent())) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("removing the temporary copy of the native library", failure);
        }
    }
}
