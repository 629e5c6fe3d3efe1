package microtome.model.config;

import java.util.List;

/** How the rotary frequencies of a model were stretched to a longer context than it was first trained on. */
public sealed interface RotaryScaling {

    /** The divisor of one inverse frequency of a rotation. */
    double divisor(RotaryEmbedding rotation, double inverseFrequency, int index);

    /** What cosines and sines are multiplied by, so that scores stay as sharp as they were. */
    default double amplitude() {
        return 1;
    }

    /** Not stretched. */
    record None() implements RotaryScaling {
        @Override
        public double divisor(RotaryEmbedding rotation, double inverseFrequency, int index) {
            return 1;
        }
    }

    /** Every frequency divided by one factor. */
    record Linear(double factor) implements RotaryScaling {
        @Override
        public double divisor(RotaryEmbedding rotation, double inverseFrequency, int index) {
            return factor;
        }
    }

    /** The Llama 3 rule: long waves divided by the factor, short waves kept, those between interpolated. */
    record Llama3(double factor, double lowFrequencyFactor, double highFrequencyFactor, double originalContext)
            implements RotaryScaling {
        @Override
        public double divisor(RotaryEmbedding rotation, double inverseFrequency, int index) {
            double waveLength = 2 * Math.PI / inverseFrequency;
            if (waveLength < originalContext / highFrequencyFactor) {
                return 1;
            }
            if (waveLength > originalContext / lowFrequencyFactor) {
                return factor;
            }
            double kept =
                    (originalContext / waveLength - lowFrequencyFactor) / (highFrequencyFactor - lowFrequencyFactor);
            return 1 / ((1 - kept) / factor + kept);
        }
    }

    /**
     * Frequencies that turn often within the original context are kept, those that turn seldom are divided by the factor,
     * and between the two a ramp over the pairs leads from one to the other.
     *
     * @param fast turns within the original context from which on a frequency is kept
     * @param slow turns up to which it is divided
     * @param wholePairs whether the ends of the ramp are rounded outwards to whole pairs
     * @see <a href="https://arxiv.org/abs/2309.00071">Peng et al. 2023, YaRN</a>
     */
    record Yarn(double factor, double fast, double slow, double originalContext, boolean wholePairs, double amplitude)
            implements RotaryScaling {
        /** Keeps the ramp from being a step. */
        private static final double LEAST_RAMP = 0.001;

        @Override
        public double divisor(RotaryEmbedding rotation, double inverseFrequency, int index) {
            double first = pairThatTurns(fast, rotation);
            double last = pairThatTurns(slow, rotation);
            double from = Math.max(wholePairs ? Math.floor(first) : first, 0);
            double to = Math.min(wholePairs ? Math.ceil(last) : last, rotation.rotatedWidth() - 1);
            double ramp = from == to ? LEAST_RAMP : to - from;
            double divided = Math.clamp((index - from) / ramp, 0, 1);
            return 1 / (divided / factor + 1 - divided);
        }

        /** The pair, not always whole, that turns this often within the original context. */
        private double pairThatTurns(double turns, RotaryEmbedding rotation) {
            return rotation.rotatedWidth()
                    * Math.log(originalContext / (turns * 2 * Math.PI))
                    / (2 * Math.log(rotation.base()));
        }

        /** The amplitude that goes with a factor where a file gives none: {@code 0.1 ln(factor) + 1}. */
        public static double usualAmplitude(double factor) {
            return factor <= 1 ? 1 : 0.1 * Math.log(factor) + 1;
        }
    }

    /** One divisor per frequency. */
    record Divisors(List<Double> values, double amplitude) implements RotaryScaling {
        public Divisors {
            values = List.copyOf(values);
        }

        @Override
        public double divisor(RotaryEmbedding rotation, double inverseFrequency, int index) {
            return values.get(index);
        }
    }

    /**
     * Other divisors for sequences that are longer than the original context. The length is that of the whole sequence
     * which a pass reaches; what an earlier pass of a continuation has kept stays as it was turned.
     *
     * @see <a href="https://arxiv.org/abs/2402.13753">Ding et al. 2024, LongRoPE</a>
     */
    record ByLength(int originalContext, Divisors shorter, Divisors longer) implements RotaryScaling {
        /** That of short sequences; {@link RotaryEmbedding#forLength} chooses. */
        @Override
        public double divisor(RotaryEmbedding rotation, double inverseFrequency, int index) {
            return shorter.divisor(rotation, inverseFrequency, index);
        }

        @Override
        public double amplitude() {
            return shorter.amplitude();
        }

        /** The amplitude of both where a file gives none: {@code sqrt(1 + ln(factor) / ln(original context))}. */
        public static double usualAmplitude(double factor, double originalContext) {
            return factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(originalContext));
        }
    }

    /** A base that grows with sequences longer than the original context; the length is that which a pass reaches. */
    record Dynamic(double factor, int originalContext) implements RotaryScaling {
        /** Of sequences within the original context; {@link RotaryEmbedding#forLength} chooses. */
        @Override
        public double divisor(RotaryEmbedding rotation, double inverseFrequency, int index) {
            return 1;
        }

        /** The base for sequences of this length. */
        double base(double base, int rotatedWidth, int positions) {
            if (positions <= originalContext) {
                return base;
            }
            double stretch = factor * positions / originalContext - (factor - 1);
            return base * Math.pow(stretch, rotatedWidth / (rotatedWidth - 2.0));
        }
    }
}
