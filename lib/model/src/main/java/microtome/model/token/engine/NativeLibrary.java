package microtome.model.token.engine;

import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import microtome.model.format.PartFile;
import microtome.model.store.CacheFolder;

/**
 * Hugging Face's tokenizers as DJL packages them, unpacked once into our own cache folder and loaded from there. DJL's
 * own loader is left out on purpose: it looks for CUDA, may download another build, and reports home from some clouds.
 */
final class NativeLibrary {
    private static final String ROOT = "native/lib/";
    private static final List<String> WINDOWS_PARTS =
            List.of("libwinpthread-1.dll", "libgcc_s_seh-1.dll", "libstdc++-6.dll", "tokenizers.dll");

    private static boolean loaded;

    private NativeLibrary() {}

    /** The functions of the library; the first call loads it. */
    static synchronized TokenizersLibrary functions() {
        if (!loaded) {
            load();
            loaded = true;
        }
        return TokenizersLibrary.LIB;
    }

    private static void load() {
        String platform = platform(System.getProperty("os.name"), System.getProperty("os.arch"));
        List<String> parts = platform.startsWith("win")
                ? WINDOWS_PARTS
                : List.of(platform.startsWith("osx") ? "libtokenizers.dylib" : "libtokenizers.so");
        Path folder = CacheFolder.folder("tokenizers-" + version() + "-" + platform);
        try {
            for (String part : parts) {
                link(unpack(ROOT + platform + "/cpu/" + part, folder.resolve(part)));
            }
        } catch (UnsatisfiedLinkError failure) {
            throw cannotLoad(platform, folder, failure);
        }
    }

    @SuppressWarnings("restricted")
    private static void link(Path library) {
        System.load(library.toString());
    }

    private static IllegalStateException cannotLoad(String platform, Path folder, Throwable cause) {
        return new IllegalStateException(
                "the tokenizer library for %s cannot be loaded from %s (%s); if that folder does not allow execution, set -Dmicrotome.cache=<another folder>"
                        .formatted(platform, folder, cause.getMessage()),
                cause);
    }

    /** The folder name of a platform in the jar, for example {@code linux-x86_64}. */
    static String platform(String system, String processor) {
        String name = system.toLowerCase(Locale.ROOT);
        String prefix = name.startsWith("mac") ? "osx" : name.startsWith("win") ? "win" : "linux";
        String suffix = switch (processor.toLowerCase(Locale.ROOT)) {
            case "amd64", "x86_64" -> "x86_64";
            case "arm64", "aarch64" -> "aarch64";
            default -> processor;
        };
        return prefix + "-" + suffix;
    }

    private static String version() {
        Properties properties = new Properties();
        try (InputStream stream = resource(ROOT + "tokenizers.properties").openStream()) {
            properties.load(stream);
        } catch (IOException failure) {
            throw new UncheckedIOException("the tokenizers jar cannot be read", failure);
        }
        return properties.getProperty("version");
    }

    private static URL resource(String name) {
        URL url = TokenizersLibrary.class.getClassLoader().getResource(name);
        if (url == null) {
            throw new IllegalStateException(
                    "the tokenizers jar has no %s; it serves Linux (x86-64, ARM), macOS (ARM) and Windows (x86-64)"
                            .formatted(name));
        }
        return url;
    }

    /** Copies a library out of the jar unless it is there in full; the last step is atomic, so many may do it at once. */
    private static Path unpack(String name, Path target) {
        try {
            URLConnection connection = resource(name).openConnection();
            if (Files.isRegularFile(target) && Files.size(target) == connection.getContentLengthLong()) {
                return target;
            }
            Path part = PartFile.of(target);
            try (InputStream stream = connection.getInputStream()) {
                Files.copy(stream, part);
                Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(part);
            }
            return target;
        } catch (IOException failure) {
            throw new UncheckedIOException(target + ": the tokenizer library cannot be unpacked", failure);
        }
    }
}
