package microtome.model;

import microtome.tensor.Tensor;

/** What attention has of the positions before those of a pass. */
interface Past {
    /** Nothing: the first position of the pass is the first of its sequences. */
    Past NONE = new Past() {
        @Override
        public int positions() {
            return 0;
        }

        @Override
        public boolean remembers() {
            return false;
        }

        @Override
        public Heard with(int block, Tensor key, Tensor value) {
            return new Heard(key, value, 1);
        }
    };

    /** How many positions came before. */
    int positions();

    /** Whether it wants the keys and values of every block, for the positions that will come. */
    boolean remembers();

    /**
     * Keys and values of all positions for the attention of one block.
     *
     * @param key rotated keys of the positions of the pass, {@code [sequences, positions, keyValueHeads * headWidth]}
     * @param value their values, of the same shape
     */
    Heard with(int block, Tensor key, Tensor value);

    /**
     * What attention reads.
     *
     * @param key {@code [sequences / joined, positions, joined * keyValueHeads * headWidth]}
     * @param value of the same shape
     * @param joined how many sequences stand side by side as if they were heads of one
     */
    record Heard(Tensor key, Tensor value, int joined) {

        /** {@code [sequences, positions, width]} with the joined sequences side by side, like the keys. */
        Tensor join(Tensor apart) {
            return joined == 1 ? apart : apart.permute(1, 0, 2).reshape(1, apart.extent(1), joined * apart.extent(2));
        }

        /** Undoes {@link #join}. */
        Tensor part(Tensor together) {
            return joined == 1
                    ? together
                    : together.reshape(together.extent(1), joined, together.extent(2) / joined)
                            .permute(1, 0, 2);
        }
    }
}
