package microtome.model.format;

import java.nio.file.Path;

/** Where an array of NumPy is, for errors: the file, and the member of an archive or nothing. */
record NumpyPlace(Path path, String member) {
    BadWeightFile bad(String where, String found, String allowed) {
        return bad(where, found, allowed, BadWeightFile.DOWNLOAD_AGAIN);
    }

    BadWeightFile bad(String where, String found, String allowed, String fix) {
        return new BadWeightFile(path, member.isEmpty() ? where : member + " " + where, found, allowed, fix);
    }
}
