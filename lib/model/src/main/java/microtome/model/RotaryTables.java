package microtome.model;

import microtome.tensor.Tensor;

/** Cosines and sines of positions on an engine, each {@code [positions, headWidth / 2]}. */
record RotaryTables(Tensor cosine, Tensor sine) {

    int positions() {
        return Math.toIntExact(cosine.extent(0));
    }

    /** Those of some positions, without a copy. */
    RotaryTables of(int first, int positions) {
        return new RotaryTables(cosine.slice(0, first, first + positions), sine.slice(0, first, first + positions));
    }
}
