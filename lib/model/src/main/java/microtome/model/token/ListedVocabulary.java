package microtome.model.token;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Supplier;

/** A vocabulary that is a list; the list is made at first use, and the way back from spelling to id when it is asked. */
final class ListedVocabulary implements Vocabulary {
    private final int size;
    private final Supplier<List<String>> source;
    private List<String> pieces;
    private Map<String, Integer> ids;

    ListedVocabulary(int size, Supplier<List<String>> source) {
        this.size = size;
        this.source = source;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public String piece(int id) {
        return list().get(id);
    }

    @Override
    public synchronized OptionalInt id(String piece) {
        if (ids == null) {
            ids = HashMap.newHashMap(size);
            List<String> all = list();
            for (int id = 0; id < all.size(); id++) {
                ids.putIfAbsent(all.get(id), id);
            }
        }
        Integer id = ids.get(piece);
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }

    @Override
    public Collection<String> pieces() {
        return Collections.unmodifiableCollection(list());
    }

    private synchronized List<String> list() {
        if (pieces == null) {
            pieces = source.get();
        }
        return pieces;
    }
}
