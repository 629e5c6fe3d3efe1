package microtome.model.token;

import java.util.OptionalInt;

/** The entries of a tokenizer by id and by spelling. */
interface Vocabulary {

    /** Number of ids. */
    int size();

    /** The spelling of an entry in the file. */
    String piece(int id);

    /** The id of a spelling. */
    OptionalInt id(String piece);
}
