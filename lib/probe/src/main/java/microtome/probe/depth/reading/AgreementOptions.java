package microtome.probe.depth.reading;

/**
 * What lens agreement reads.
 *
 * @param reading how much of the texts
 * @param every so many depths from one tap to the next; 1 for all. The stream after the last block is always read
 */
public record AgreementOptions(ReadOptions reading, int every) {
    /** 2,000 positions in pieces of at most 256 tokens, without the first of each; the input of every block. */
    public static final AgreementOptions DEFAULT = new AgreementOptions(new ReadOptions(2_000, 256, 1), 1);

    /** Checks the step between taps. */
    public AgreementOptions {
        if (every < 1) {
            throw new IllegalArgumentException("every %d depths: give 1 for all, 2 for every other".formatted(every));
        }
    }

    /** These options with other reading. */
    public AgreementOptions reading(ReadOptions other) {
        return new AgreementOptions(other, every);
    }

    /** These options with so many positions at most. */
    public AgreementOptions tokens(long most) {
        return new AgreementOptions(new ReadOptions(most, reading.length(), reading.skipFirst()), every);
    }

    /** These options with so many first positions of every piece left out; 0 to read all, as the paper does. */
    public AgreementOptions skipFirst(int positions) {
        return new AgreementOptions(new ReadOptions(reading.tokens(), reading.length(), positions), every);
    }

    /** These options for every so many depths. */
    public AgreementOptions every(int depths) {
        return new AgreementOptions(reading, depths);
    }
}
