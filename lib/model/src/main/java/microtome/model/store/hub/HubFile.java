package microtome.model.store.hub;

import microtome.display.Bytes;

/** One file of a repository: its path there, its size, and the sum that its content must have. */
record HubFile(String path, long bytes, Checksum checksum) {
    HubFile {
        if (!SafePath.isSafe(path)) {
            throw new HubProblem("the hub lists a file '%s', which leads out of the model's folder; nothing was written"
                    .formatted(path));
        }
        if (bytes < 0) {
            throw new HubProblem("the hub lists %s with %d bytes".formatted(path, bytes));
        }
    }

    /** The folder in the repository, with a slash at the end, or nothing. */
    String folder() {
        return path.substring(0, path.lastIndexOf('/') + 1);
    }

    @Override
    public String toString() {
        return "%s (%s)".formatted(path, Bytes.text(bytes));
    }
}
