package microtome.probe.geometry.control;

/**
 * What is done to the states of prompts, or to the model, before they are measured: a value that a metric keeps under it says
 * nothing about what the model has learned.
 */
public sealed interface Control permits StatesControl, RandomNetwork {
    /** The control in words, with its seed. */
    String label();

    /** The labels dealt to the prompts by chance; the convergence index must be about 0. */
    static Control labelPermutation(long seed) {
        return new LabelPermutation(seed);
    }

    /** The layers of every prompt in an order of its own; length and curvature must change. */
    static Control layerShuffle(long seed) {
        return new LayerShuffle(seed, true);
    }

    /** The layers in another order, the same for all prompts; the convergence index merely changes places. */
    static Control sharedLayerShuffle(long seed) {
        return new LayerShuffle(seed, false);
    }

    /** Independent normal numbers with the mean and standard deviation of every dimension of every layer. */
    static Control gaussian(long seed) {
        return new GaussianStates(seed);
    }

    /** The same architecture with weights drawn anew. */
    static Control randomNetwork(long seed) {
        return new RandomNetwork(seed);
    }

    /** The directions in which the states of all layers vary most. */
    static Control principalComponents(int components) {
        return new PrincipalComponents(components);
    }

    /** So many random directions; distances stay about the same. */
    static Control randomProjection(int dimensions, long seed) {
        return new RandomProjection(dimensions, seed);
    }
}
