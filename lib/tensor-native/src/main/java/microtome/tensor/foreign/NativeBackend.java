package microtome.tensor.foreign;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Cleaner;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import microtome.tensor.Backend;
import microtome.tensor.BackendException;
import microtome.tensor.Buffer;
import microtome.tensor.BufferRange;
import microtome.tensor.DType;
import microtome.tensor.Device;
import microtome.tensor.Op;
import microtome.tensor.TensorType;
import microtome.tensor.TensorView;
import microtome.tensor.WaitInterruptedException;

/**
 * Computes with the native library on the CPU. Every call puts a command into the queue of the engine's own thread and
 * returns; {@link #download} and {@link #synchronize} wait. When queued work fails, its output is marked, and so is all
 * that is computed from it; reading one of them tells what failed first. Other work is not affected. An interrupt of a
 * waiting thread makes the first operation fail that the thread began and now waits for, whether it is running or queued.
 */
final class NativeBackend implements Backend {
    static final String NAME = "cpu";

    private static final String MATRIX_LIBRARY = "matrix_library";
    /** A process holds one oneDNN per name: another program in it may have loaded its own before. */
    private static final String KNOWN_LIBRARY = "oneDNN 3.";

    private static final Cleaner CLEANER = Cleaner.create();
    /** Uploads go through copies of this size, so that a long one fills neither the heap nor the queue. */
    private static final long UPLOAD_PIECE = 1 << 20;

    private final EngineThread thread;
    private final Device device;
    private final ThreadLocal<Boolean> withoutStops = new ThreadLocal<>();

    private NativeBackend(EngineThread thread, Device device) {
        this.thread = thread;
        this.device = device;
    }

    /** Makes an engine with this many threads. */
    static NativeBackend open(int threads) {
        var thread = EngineThread.start(threads);
        var text = new AtomicReference<String>();
        Command.Work describing = session -> text.set(EngineFunctions.describe(session.engine()));
        thread.submitAndAwait(new Command("opening", List.of(), null, describing).awaited(), "the start of the engine");
        var device = describe(text.get());
        if (!device.facts().getOrDefault(MATRIX_LIBRARY, "").startsWith(KNOWN_LIBRARY)) {
            thread.stop();
            throw new BackendException("another library of the same name answers in this process: %s instead of %sx"
                    .formatted(device.facts().get(MATRIX_LIBRARY), KNOWN_LIBRARY));
        }
        var backend = new NativeBackend(thread, device);
        CLEANER.register(backend, thread::stop);
        return backend;
    }

    private static Device describe(String lines) {
        Map<String, String> facts = lines.lines()
                .filter(line -> line.contains("="))
                .collect(Collectors.toMap(
                        line -> line.substring(0, line.indexOf('=')), line -> line.substring(line.indexOf('=') + 1)));
        var description = "%s, %s, %s threads, %s"
                .formatted(facts.get("processor"), facts.get("lane"), facts.get("threads"), facts.get(MATRIX_LIBRARY));
        return new Device(NAME, description, facts);
    }

    @Override
    public Device device() {
        return device;
    }

    @Override
    public Buffer allocate(DType type, long elements) {
        return NativeBuffer.planned(type, elements);
    }

    @Override
    public Buffer wrap(MemorySegment host, DType type, long elements) {
        if (!thread.canAccess(host)) {
            var copy = allocate(type, elements);
            upload(host, copy);
            return copy;
        }
        var buffer = NativeBuffer.over(host, type, elements);
        enqueue("wrap", List.of(), buffer, session -> session.wrap(buffer));
        return buffer;
    }

    @Override
    public void release(Buffer buffer) {
        thread.submit(Command.release((NativeBuffer) buffer));
    }

    /** Copies the memory before it returns, in pieces: the caller may change it afterwards. */
    @Override
    public void upload(MemorySegment source, Buffer target) {
        var buffer = (NativeBuffer) target;
        Command previous = null;
        for (long first = 0; first < source.byteSize(); first += UPLOAD_PIECE) {
            long at = first;
            var piece = MemorySegment.ofArray(bytes(source, at, UPLOAD_PIECE));
            var command =
                    new Command("upload", List.of(), buffer, session -> Transfers.upload(session, piece, buffer, at));
            boolean several = source.byteSize() > UPLOAD_PIECE;
            thread.submit(several ? command.awaited() : command);
            if (previous != null) {
                thread.await(previous, "an upload");
            }
            previous = several ? command : null;
        }
    }

    private static byte[] bytes(MemorySegment source, long first, long most) {
        return source.asSlice(first, Math.min(most, source.byteSize() - first)).toArray(ValueLayout.JAVA_BYTE);
    }

    @Override
    public void download(BufferRange source, MemorySegment target) {
        if (target.isReadOnly()) {
            throw new IllegalArgumentException("download: the target memory is read only");
        }
        if (!target.isNative() || thread.canAccess(target)) {
            downloadDirectly(source, target);
            return;
        }
        for (long first = 0; first < source.bytes(); first += UPLOAD_PIECE) {
            long bytes = Math.min(UPLOAD_PIECE, source.bytes() - first);
            var piece = MemorySegment.ofArray(new byte[(int) bytes]);
            downloadDirectly(new BufferRange(source.buffer(), source.firstByte() + first, bytes), piece);
            target.asSlice(first, bytes).copyFrom(piece);
        }
    }

    private void downloadDirectly(BufferRange source, MemorySegment target) {
        var buffer = (NativeBuffer) source.buffer();
        Command.Work work = session -> Transfers.download(session, buffer, source.firstByte(), target);
        thread.submitAndAwait(new Command("download", List.of(buffer), null, work).awaited(), "a download");
    }

    @Override
    public void copy(BufferRange source, BufferRange target) {
        var from = (NativeBuffer) source.buffer();
        enqueue(
                "copy",
                List.of(from),
                (NativeBuffer) target.buffer(),
                session -> Transfers.copy(session, source, target));
    }

    @Override
    public TensorView pack(TensorView weight, DType type) {
        var source = (NativeBuffer) weight.buffer();
        var target = NativeBuffer.packed(type, weight.shape().elements());
        var packed = new TensorView(
                target, 0, new TensorType(type, weight.shape()), weight.shape().strides(), true);
        enqueue("pack", List.of(source), target, session -> Transfers.pack(session, weight, packed));
        return packed;
    }

    @Override
    public boolean supports(Op op, List<TensorView> inputs) {
        return Support.of(op, inputs);
    }

    @Override
    public void execute(Op op, List<TensorView> inputs, TensorView output) {
        thread.awaitRoom();
        Command.Work work = session -> Calls.run(session, op, inputs, output);
        var command = new Command(op.label(), buffers(inputs), (NativeBuffer) output.buffer(), work);
        thread.submit(withoutStops.get() == null ? command.stoppableBy(Thread.currentThread()) : command);
    }

    private static List<NativeBuffer> buffers(List<TensorView> views) {
        return switch (views.size()) {
            case 1 -> List.of((NativeBuffer) views.getFirst().buffer());
            case 2 ->
                List.of((NativeBuffer) views.getFirst().buffer(), (NativeBuffer)
                        views.get(1).buffer());
            default -> views.stream().map(view -> (NativeBuffer) view.buffer()).toList();
        };
    }

    @Override
    public void synchronize() {
        thread.submitAndAwait(new Command("", List.of(), null, thread::reportFailures).awaited(), "all work");
    }

    @Override
    public void trim() {
        enqueue("trim", List.of(), null, session -> EngineFunctions.trim(session.engine()));
    }

    @Override
    public long pooledBytes() {
        var found = new AtomicLong();
        Command.Work looking = session -> found.set(session.pooledBytes());
        thread.submitAndAwait(new Command("pooledBytes", List.of(), null, looking).awaited(), "all work");
        return found.get();
    }

    @Override
    public void limitPool(long bytes) {
        enqueue("limitPool", List.of(), null, session -> EngineFunctions.limitPool(session.engine(), bytes));
    }

    @Override
    public <T> T withoutStops(Supplier<T> making) {
        var outer = withoutStops.get();
        withoutStops.set(true);
        try {
            return making.get();
        } finally {
            if (outer == null) {
                withoutStops.remove();
            }
        }
    }

    /** Of BF16 only where products multiply it: elsewhere they compute in F32, whose limit is theirs. */
    @Override
    public OptionalDouble arithmeticPeak(DType type) {
        boolean computed = type == DType.F32
                || type == DType.BF16 && "native".equals(device.facts().get("bf16_products"));
        if (!computed) {
            return OptionalDouble.empty();
        }
        var peak = new AtomicReference<Double>();
        Command.Work work = session -> peak.set(ArithmeticPeak.measure(session, Codes.of(type)));
        thread.submitAndAwait(new Command("arithmeticPeak", List.of(), null, work).awaited(), "a measurement");
        return OptionalDouble.of(peak.get());
    }

    private void enqueue(String label, List<NativeBuffer> reads, NativeBuffer writes, Command.Work work) {
        thread.submit(new Command(label, reads, writes, work));
    }

    @Override
    public void close() {
        thread.stop();
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new WaitInterruptedException(
                    "interrupted while the engine was finishing its work; it closes by itself");
        }
    }
}
