package microtome.model.format;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A weight file that is one file on the disk: a table of contents, checked when it was opened, over mapped bytes. */
public abstract sealed class SingleFile implements WeightFile permits Gguf, Safetensors, NumpyFile {
    private final MappedFile file;
    private final Map<String, Slot> slots;

    SingleFile(MappedFile file, Map<String, Slot> slots) {
        this.file = file;
        this.slots = slots;
    }

    @Override
    public final Path path() {
        return file.path();
    }

    @Override
    public final List<String> names() {
        return List.copyOf(slots.keySet());
    }

    @Override
    public final boolean has(String name) {
        return slots.containsKey(name);
    }

    @Override
    public final StoredTensor tensor(String name) {
        Slot slot = slots.get(name);
        if (slot == null) {
            throw missing(name);
        }
        file.requireUnchanged();
        return new StoredTensor(name, slot.type(), slot.shape(), bytesOf(slot));
    }

    /** The bytes of a tensor; a view of the file, where they lie in it as they are needed. */
    MemorySegment bytesOf(Slot slot) {
        return file.bytes().asSlice(slot.start(), slot.bytes());
    }

    /** The error for a name that the table of contents does not have. */
    RuntimeException missing(String name) {
        return TensorNames.missing(path(), name, slots.keySet());
    }

    @Override
    public final long bytes() {
        return file.size();
    }

    @Override
    public final String sha256() {
        return file.sha256();
    }

    @Override
    public void unload() {
        file.unload();
    }

    @Override
    public final void close() {
        file.close();
    }
}
