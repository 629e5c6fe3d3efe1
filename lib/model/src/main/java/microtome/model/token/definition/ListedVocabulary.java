package microtome.model.token.definition;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** A vocabulary that is a list. */
final class ListedVocabulary implements Vocabulary {
    private final List<String> pieces;
    private Map<String, Integer> ids;

    ListedVocabulary(List<String> pieces) {
        this.pieces = pieces;
    }

    ListedVocabulary(DefinitionJson json) {
        this(IntStream.range(0, json.size()).mapToObj(json::piece).toList());
    }

    @Override
    public int size() {
        return pieces.size();
    }

    @Override
    public String piece(int id) {
        return pieces.get(id);
    }

    @Override
    public synchronized OptionalInt id(String piece) {
        if (ids == null) {
            ids = HashMap.newHashMap(size());
            for (int id = 0; id < size(); id++) {
                ids.putIfAbsent(pieces.get(id), id);
            }
        }
        Integer id = ids.get(piece);
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }
}
