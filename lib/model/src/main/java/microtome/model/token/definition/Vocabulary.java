package microtome.model.token.definition;

import java.util.OptionalInt;

/** The entries of a tokenizer by id and by spelling. */
public interface Vocabulary {

    /** Number of ids. */
    int size();

    /** The spelling of an entry in the file. */
    String piece(int id);

    /** The id of a spelling. */
    OptionalInt id(String piece);
}
