package microtome.model.token.definition;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import microtome.model.format.Utf8Array;

/** The tokens of a GGUF file, each decoded when it is asked for. */
final class GgufVocabulary implements Vocabulary {
    private final Utf8Array tokens;
    private Map<String, Integer> ids;

    GgufVocabulary(Utf8Array tokens) {
        this.tokens = tokens;
    }

    @Override
    public int size() {
        return tokens.size();
    }

    @Override
    public String piece(int id) {
        return tokens.get(id);
    }

    @Override
    public synchronized OptionalInt id(String piece) {
        if (ids == null) {
            ids = HashMap.newHashMap(size());
            for (int id = 0; id < size(); id++) {
                ids.putIfAbsent(tokens.get(id), id);
            }
        }
        Integer id = ids.get(piece);
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }
}
