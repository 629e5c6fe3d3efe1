package microtome.tensor.foreign;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibraryFoldersTest {
    private static final String FOLDER = "microtome/native/" + LibraryFolders.platform() + "/";

    @TempDir
    private Path temporary;

    @Test
    void aNamedFolderIsTheOnlyPlace() throws IOException {
        Files.writeString(temporary.resolve(LibraryFolders.LIBRARY), "anything");
        try (var empty = new URLClassLoader(new URL[0], null)) {
            assertThat(candidates(
                            new LibraryFolders(temporary.toString(), "/elsewhere", empty, List.of()),
                            new ArrayList<>()))
                    .containsExactly(temporary);
            assertThat(candidates(new LibraryFolders(null, temporary.toString(), empty, List.of()), new ArrayList<>()))
                    .containsExactly(temporary);
        }
    }

    @Test
    void aNamedFolderWithoutTheLibrarySaysWhoNamedIt() {
        var failures = new ArrayList<String>();
        var folders = new LibraryFolders(temporary.toString(), null, getClass().getClassLoader(), List.of());
        assertThat(candidates(folders, failures)).isEmpty();
        assertThat(failures)
                .containsExactly(
                        "property microtome.native names " + temporary + ", which has no " + LibraryFolders.LIBRARY);
    }

    @Test
    void withoutALibraryTheReasonSaysWhatToDo() throws IOException {
        try (var empty = new URLClassLoader(new URL[0], null)) {
            var library = NativeLibrary.load(new LibraryFolders(null, null, empty, List.of()));
            assertThat(library.isLoaded()).isFalse();
            assertThat(library.place())
                    .startsWith("no native library (" + FOLDER + LibraryFolders.LIBRARY + " is not on the class path")
                    .contains("-Dmicrotome.native=FOLDER")
                    .contains("MICROTOME_NATIVE=FOLDER");
        }
    }

    @Test
    void copiesOutOfAJarOnceAndFindsTheCopyAgain() throws IOException {
        try (var jar = jarOf("first")) {
            var cache = temporary.resolve("cache");
            var copied = candidates(new LibraryFolders(null, null, jar, List.of(cache)), new ArrayList<>())
                    .getFirst();
            assertThat(copied).startsWith(cache);
            var library = copied.resolve(LibraryFolders.LIBRARY);
            assertThat(library).hasContent("first");
            var time = Files.getLastModifiedTime(library);
            assertThat(candidates(new LibraryFolders(null, null, jar, List.of(cache)), new ArrayList<>())
                            .getFirst())
                    .isEqualTo(copied);
            assertThat(Files.getLastModifiedTime(library)).isEqualTo(time);
            try (var files = Files.list(copied)) {
                assertThat(files).as("no partial copies stay").hasSize(3);
            }
        }
    }

    @Test
    void anotherContentHasAnotherFolder() throws IOException {
        var cache = temporary.resolve("cache");
        try (var first = jarOf("first");
                var second = jarOf("other")) {
            var one = candidates(new LibraryFolders(null, null, first, List.of(cache)), new ArrayList<>())
                    .getFirst();
            var two = candidates(new LibraryFolders(null, null, second, List.of(cache)), new ArrayList<>())
                    .getFirst();
            assertThat(one).isNotEqualTo(two);
            assertThat(two.resolve(LibraryFolders.LIBRARY)).hasContent("other");
        }
    }

    @Test
    void aHalfCopiedFileIsCopiedAgain() throws IOException {
        try (var jar = jarOf("whole")) {
            var cache = temporary.resolve("cache");
            var copied = candidates(new LibraryFolders(null, null, jar, List.of(cache)), new ArrayList<>())
                    .getFirst();
            Files.writeString(copied.resolve(LibraryFolders.LIBRARY), "wh");
            candidates(new LibraryFolders(null, null, jar, List.of(cache)), new ArrayList<>());
            assertThat(copied.resolve(LibraryFolders.LIBRARY)).hasContent("whole");
        }
    }

    @Test
    void anUnusableCacheLeadsToATemporaryCopy() throws IOException {
        var blocked = Files.writeString(temporary.resolve("a-file"), "not a folder");
        try (var jar = jarOf("content")) {
            var failures = new ArrayList<String>();
            var folders = new LibraryFolders(null, null, jar, List.of(blocked));
            var copied = candidates(folders, failures).getFirst();
            assertThat(copied.resolve(LibraryFolders.LIBRARY)).hasContent("content");
            assertThat(failures).hasSize(1).first().asString().startsWith("copying it out of the jar: ");
            folders.opened(copied);
            assertThat(copied).doesNotExist();
        }
    }

    @Test
    void aFileThatIsNoLibraryIsRefusedWithItsPlace() throws IOException {
        try (var jar = jarOf("not a library")) {
            var library = NativeLibrary.load(new LibraryFolders(null, null, jar, List.of(temporary.resolve("cache"))));
            assertThat(library.isLoaded()).isFalse();
            assertThat(library.place()).contains("cache").contains("Cannot open library");
        }
    }

    @Test
    void theLibraryOfTheBuildLoadsOutOfAJar() throws IOException {
        var built = Path.of("target/classes").resolve(FOLDER).toAbsolutePath();
        Assumptions.assumeTrue(Files.exists(built.resolve(LibraryFolders.LIBRARY)), "native/ has not been built");
        try (var jar = jarWith(name -> Files.readAllBytes(built.resolve(name)))) {
            var library = NativeLibrary.load(new LibraryFolders(null, null, jar, List.of(temporary.resolve("cache"))));
            assertThat(library.place()).startsWith(temporary.resolve("cache").toString());
            assertThat(library.isLoaded()).isTrue();
            assertThat(library.link("mt_matmul")).isNotNull();
        }
    }

    private static List<Path> candidates(LibraryFolders folders, List<String> failures) {
        var found = new ArrayList<Path>();
        var places = folders.candidates(failures).iterator();
        if (places.hasNext()) {
            found.add(places.next());
        }
        return found;
    }

    private URLClassLoader jarOf(String library) throws IOException {
        return jarWith(name -> (name.equals(LibraryFolders.LIBRARY) ? library : name).getBytes(StandardCharsets.UTF_8));
    }

    /** The bytes of a file. */
    private interface Content {
        byte[] of(String name) throws IOException;
    }

    private URLClassLoader jarWith(Content content) throws IOException {
        var file = Files.createTempFile(temporary, "library", ".jar");
        try (OutputStream output = Files.newOutputStream(file);
                var jar = new JarOutputStream(output)) {
            jar.setLevel(0);
            for (var name : List.of(LibraryFolders.LIBRARY, "libdnnl.so.3", "libgomp.so.1")) {
                jar.putNextEntry(new JarEntry(FOLDER + name));
                jar.write(content.of(name));
            }
        }
        return new URLClassLoader(new URL[] {file.toUri().toURL()}, null);
    }
}
