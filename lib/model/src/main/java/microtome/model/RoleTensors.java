package microtome.model;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import microtome.model.config.ModelConfig;
import microtome.model.config.Role;
import microtome.model.family.Source;
import microtome.model.format.BlockEncoder;
import microtome.model.format.StoredTensor;
import microtome.tensor.DType;
import microtome.tensor.Engine;
import microtome.tensor.Shape;
import microtome.tensor.Tensor;
import microtome.tensor.TensorType;

/** Brings the tensors of a weight file onto an engine by what they are for, each checked against the configuration. */
final class RoleTensors {
    private final Engine engine;
    private final FamilyFile file;
    private final ModelConfig config;
    private final Weights form;

    RoleTensors(Engine engine, FamilyFile file, Weights form) {
        this.engine = engine;
        this.file = file;
        this.config = file.config();
        this.form = form;
    }

    Engine engine() {
        return engine;
    }

    /** The same roles on another engine, with weights drawn anew. */
    RoleTensors redrawn(Engine other, long seed) {
        return new RoleTensors(other, file.numbers(new RedrawnNumbers(other, seed)), form);
    }

    ModelConfig config() {
        return config;
    }

    /** Whether the file has the numbers of a role; one that the family needs is there or is asked for in vain. */
    boolean has(Role role, int block) {
        Optional<Source> source = role == null ? Optional.empty() : file.source(role);
        return source.isPresent()
                && (!source.get().optional() || file.find(source.get(), block).isPresent());
    }

    /** A matrix as the file stores it, sharing the file's memory. */
    Tensor mapped(Role role, Shape shape) {
        Part part = part(role, 0, shape);
        return engine.wrap(part.bytes(), part.type());
    }

    /** F32 numbers in memory of their own. */
    Tensor floats(Role role, int block, Shape shape) {
        Part part = part(role, block, shape);
        try (Tensor mapped = engine.wrap(part.bytes(), part.type())) {
            return mapped.dtype() == DType.F32 ? mapped.plus(0) : mapped.cast(DType.F32);
        }
    }

    /** The first row of a table, F32 {@code [width]}. */
    Tensor firstRow(Role role, int width) {
        StoredTensor stored = file.stored(role, 0);
        require(stored, stored.shape(), Shape.of(stored.shape().extent(0), width));
        try (var scope = engine.openScope()) {
            Tensor row =
                    engine.wrap(stored.bytes(), stored.type()).cast(DType.F32).slice(0, 0, 1);
            return scope.keep(row.reshape(width).plus(0));
        }
    }

    /** A matrix {@code [outputs, inputs]} in the form that was asked for. */
    Tensor matrix(Role role, int block, Shape shape) {
        Part part = part(role, block, shape);
        return switch (form) {
            case AS_STORED ->
                part.bytes().isMapped()
                        ? engine.wrap(part.bytes(), part.type())
                        : engine.tensor(part.bytes(), part.type());
            case F32, BF16, Q8_0, Q4_1 -> {
                DType type = form.typeOf(shape.extent(1));
                yield BlockEncoder.encodes(type) ? rounded(part, type) : packed(part, type);
            }
        };
    }

    private Tensor packed(Part part, DType to) {
        try (Tensor mapped = engine.wrap(part.bytes(), part.type())) {
            return engine.pack(mapped, to);
        }
    }

    private Tensor rounded(Part part, DType to) {
        try (Tensor mapped = engine.wrap(part.bytes(), part.type());
                Tensor decoded = mapped.dtype() == DType.F32 ? mapped.plus(0) : mapped.cast(DType.F32)) {
            byte[] blocks = BlockEncoder.encode(decoded.toFloats(), to);
            return engine.tensor(
                    MemorySegment.ofArray(blocks),
                    new TensorType(to, part.type().shape()));
        }
    }

    /** Bytes of the shape that was asked for: in the mapped file, or put in order in memory of their own. */
    private record Part(MemorySegment bytes, TensorType type) {}

    private Part part(Role role, int block, Shape shape) {
        Source source = file.required(role);
        StoredTensor stored = file.stored(role, block);
        int outputs = Math.toIntExact(shape.extent(0));
        var wanted = new TensorType(stored.type().dtype(), shape);
        MemorySegment bytes = switch (source.layout()) {
            case Source.Whole _ -> {
                require(stored, stored.shape(), shape);
                yield stored.bytes();
            }
            case Source.Rows rows -> {
                requireRows(stored, shape, rows.first() + rows.outputs());
                long rowBytes = stored.bytes().byteSize() / stored.shape().extent(0);
                yield stored.bytes().asSlice(rows.first() * rowBytes, rows.outputs() * rowBytes);
            }
            case Source.PartOfHeads heads -> {
                requireRows(stored, shape, (long) outputs * heads.parts());
                yield partOfHeads(stored, heads, outputs);
            }
            case Source.Transposed columns -> {
                yield transposed(stored, columns, shape);
            }
        };
        boolean pairs = file.pairsRotaryRows();
        boolean rotated = role == Role.QUERY || role == Role.KEY || role == Role.QUERY_BIAS || role == Role.KEY_BIAS;
        return new Part(pairs && rotated ? unpaired(bytes, outputs, stored) : bytes, wanted);
    }

    private static MemorySegment partOfHeads(StoredTensor stored, Source.PartOfHeads layout, int outputs) {
        long rowBytes = stored.bytes().byteSize() / stored.shape().extent(0);
        long partBytes = layout.headWidth() * rowBytes;
        var gathered = Arena.ofAuto().allocate(outputs * rowBytes, 64);
        for (int head = 0; head * layout.headWidth() < outputs; head++) {
            long from = ((long) head * layout.parts() + layout.part()) * partBytes;
            MemorySegment.copy(stored.bytes(), from, gathered, head * partBytes, partBytes);
        }
        return gathered;
    }

    /** Some columns of {@code [inputs, outputs]}, as rows. */
    private MemorySegment transposed(StoredTensor stored, Source.Transposed layout, Shape shape) {
        long inputs = shape.extent(1);
        int size = elementBytes(stored);
        long all = stored.shape().rank() == 2 ? stored.shape().extent(1) : 0;
        if (stored.shape().rank() != 2
                || stored.shape().extent(0) != inputs
                || all < layout.first() + layout.outputs()) {
            throw wrongShape(stored, Shape.of(inputs, (long) layout.first() + layout.outputs()));
        }
        var turned = Arena.ofAuto().allocate(shape.elements() * size, 64);
        for (long input = 0; input < inputs; input++) {
            for (int output = 0; output < layout.outputs(); output++) {
                long from = (input * all + layout.first() + output) * size;
                MemorySegment.copy(stored.bytes(), from, turned, (output * inputs + input) * size, size);
            }
        }
        return turned;
    }

    /** Per head, stored row {@code 2j + half} becomes row {@code j + half * headWidth / 2}. Blocks run along rows, so whole rows move. */
    private MemorySegment unpaired(MemorySegment bytes, int rows, StoredTensor stored) {
        long rowBytes = bytes.byteSize() / rows;
        int pairs = config.headWidth() / 2;
        var ordered = Arena.ofAuto().allocate(bytes.byteSize(), 64);
        for (int row = 0; row < rows; row++) {
            int head = row / config.headWidth();
            int within = row % config.headWidth();
            long target = (long) head * config.headWidth() + within / 2 + (long) (within % 2) * pairs;
            MemorySegment.copy(bytes, row * rowBytes, ordered, target * rowBytes, rowBytes);
        }
        stored.unload();
        return ordered;
    }

    private static int elementBytes(StoredTensor stored) {
        DType type = stored.type().dtype();
        if (type.isBlocked()) {
            throw new IllegalArgumentException("tensor %s is stored inputs first in %s, whose blocks cannot be turned"
                    .formatted(stored.name(), type));
        }
        return Math.toIntExact(stored.bytes().byteSize() / stored.shape().elements());
    }

    private void require(StoredTensor stored, Shape found, Shape expected) {
        if (!found.equals(expected)) {
            throw wrongShape(stored, expected);
        }
    }

    private void requireRows(StoredTensor stored, Shape shape, long rows) {
        long[] extents = shape.extents();
        extents[0] = rows;
        long[] found = stored.shape().extents();
        boolean fits = found.length == extents.length && found[0] >= rows;
        if (!fits || found.length == 2 && found[1] != extents[1]) {
            throw wrongShape(stored, Shape.of(extents));
        }
    }

    private IllegalArgumentException wrongShape(StoredTensor stored, Shape expected) {
        return new IllegalArgumentException("%s: tensor %s is %s, the configuration says %s"
                .formatted(file.path(), stored.name(), stored.shape(), expected));
    }
}
