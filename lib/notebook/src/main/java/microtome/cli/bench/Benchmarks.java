package microtome.cli.bench;

import java.util.List;
import java.util.Optional;
import microtome.model.store.ModelFiles;

/** The headline jobs by name. */
public enum Benchmarks {
    /** The residual stream at every depth of 8 x 128 tokens. */
    HARVEST,
    /** A corpus of documents of many lengths. */
    CORPUS,
    /** Gradients of a logit difference with respect to the residual stream at every depth. */
    BACKWARD,
    /** Whole processes from start to first logits. */
    START,
    /** The peak memory of loading, and memory over ten loads. */
    MEMORY,
    /** Memory over 100 runs of a lens cell. */
    LENS,
    /** Tokens per second with weights in every form. */
    DECODE,
    /** A greedy text against transformers. */
    GENERATE,
    /** Single operations against torch. */
    OPERATIONS,
    /** A grid of activation patching. */
    PATCH,
    /** The triangle of skip effects. */
    SKIP,
    /** A logistic probe for every depth. */
    CONCEPT,
    /** Memory over 1,000 runs with edits and taps. */
    EDITS,
    /** Attributions of a logit difference. */
    ATTRIBUTION,
    /** Kernel alignment of every two of 31 layers. */
    CKA,
    /** A forward pass beside a busy process. */
    BUSY;

    /** Whether there are peers that do the same job. */
    public boolean hasPeers() {
        return switch (this) {
            case HARVEST, BACKWARD, START, OPERATIONS, GENERATE, PATCH, SKIP, CKA, CONCEPT -> true;
            case CORPUS, MEMORY, LENS, DECODE, EDITS, ATTRIBUTION, BUSY -> false;
        };
    }

    /**
     * Runs the job on a model; without peers it runs ours alone.
     *
     * @param only of {@link #OPERATIONS} the cases whose names contain this; empty for all
     */
    public List<Result> run(ModelFiles files, Optional<Peers> peers, String only) {
        Benchmark benchmark = switch (this) {
            case HARVEST -> new HarvestBench(files, peers);
            case CORPUS -> new CorpusBench(files);
            case BACKWARD -> new BackwardBench(files, peers);
            case ATTRIBUTION -> new AttributionBench(files);
            case START -> new StartBench(files, peers);
            case MEMORY -> new MemoryBench(files);
            case LENS -> new LensBench(files.weights().toString());
            case PATCH -> new PatchBench(files, peers);
            case SKIP -> new SkipBench(files, peers);
            case CONCEPT -> new ConceptBench(files, peers);
            case EDITS -> new EditsBench(files.weights().toString());
            case CKA -> new SimilarityBench(peers);
            case BUSY -> new BusyBench(files);
            case DECODE -> new DecodeBench(files);
            case GENERATE -> new GenerateBench(files, peers);
            case OPERATIONS -> new OperationsBench(peers, only);
        };
        return benchmark.run();
    }
}
