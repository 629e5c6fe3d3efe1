package microtome.model.store.hub;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code hf:org/name[/file][@revision]} names: a repository, one weight file of it where it has several, and a
 * branch, tag or commit.
 *
 * @param repository {@code org/name}, or {@code name} alone for the few old repositories without an owner
 * @param file path of one {@code .gguf} or {@code .safetensors} file in the repository
 * @param revision branch, tag or commit
 */
public record HubName(String repository, Optional<String> file, String revision) {
    private static final String PREFIX = "hf:";
    private static final String USUAL = "main";
    private static final Pattern WORD = Pattern.compile("\\w(?:[\\w.-]{0,94}\\w)?");
    private static final Pattern PARTS = Pattern.compile("([^/@]+(?:/[^/@]+)?)(?:/([^@]+))?(?:@(.+))?");
    private static final String FORMS = "write hf:org/name, hf:org/name@revision or hf:org/name/file.gguf@revision";

    /** Checks the three parts as the hub does, and that none can lead out of its folder. */
    public HubName {
        for (String word : repository.split("/", -1)) {
            if (!WORD.matcher(word).matches() || word.contains("--") || word.contains("..") || word.endsWith(".git")) {
                throw new IllegalArgumentException(
                        "'%s' is no repository: owner and name are letters, digits, '-', '_' and '.', at most 96; %s"
                                .formatted(repository, FORMS));
            }
        }
        file.ifPresent(HubName::requireWeightFile);
        if (!SafePath.isSafe(revision)) {
            throw new IllegalArgumentException("'%s' is no revision: give a branch, a tag or a commit, as in hf:%s@%s"
                    .formatted(revision, repository, USUAL));
        }
    }

    private static void requireWeightFile(String file) {
        if (!SafePath.isSafe(file) || !(file.endsWith(".gguf") || file.endsWith(".safetensors"))) {
            throw new IllegalArgumentException(
                    "'%s' is no weight file of a repository: name a .gguf or .safetensors file, or none for the whole model; %s"
                            .formatted(file, FORMS));
        }
    }

    /** The newest commit of a whole repository. */
    public static HubName of(String repository) {
        return new HubName(repository, Optional.empty(), USUAL);
    }

    /** Whether a text means a model of the hub. */
    public static boolean isOne(String text) {
        return text.startsWith(PREFIX);
    }

    /**
     * Reads {@code hf:org/name[/file][@revision]}.
     *
     * @throws IllegalArgumentException when it is something else; the message shows the forms
     */
    public static HubName parse(String text) {
        Matcher parts = PARTS.matcher(isOne(text) ? text.substring(PREFIX.length()) : "");
        if (!parts.matches()) {
            throw new IllegalArgumentException("'%s' names no model of the hub; %s".formatted(text, FORMS));
        }
        String revision = parts.group(3) == null ? USUAL : parts.group(3);
        return new HubName(parts.group(1), Optional.ofNullable(parts.group(2)), revision);
    }

    /** The same repository and revision with another file of it. */
    public HubName file(String path) {
        return new HubName(repository, Optional.of(path), revision);
    }

    /** The same model at another branch, tag or commit. */
    public HubName revision(String other) {
        return new HubName(repository, file, other);
    }

    /** Name of the repository's folder in the cache. */
    String folder() {
        return "models--" + repository.replace("/", "--");
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        return PREFIX
                + repository
                + file.map(path -> "/" + path).orElse("")
                + (revision.equals(USUAL) ? "" : "@" + revision);
    }
}
