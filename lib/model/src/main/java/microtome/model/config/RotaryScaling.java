package microtome.model.config;

/** How the rotary frequencies of a model were stretched to a longer context than it was first trained on. */
public sealed interface RotaryScaling {

    /** The divisor of one inverse frequency. */
    double divisor(double inverseFrequency, int index);

    /** Not stretched. */
    record None() implements RotaryScaling {
        @Override
        public double divisor(double inverseFrequency, int index) {
            return 1;
        }
    }

    /** Every frequency divided by one factor. */
    record Linear(double factor) implements RotaryScaling {
        @Override
        public double divisor(double inverseFrequency, int index) {
            return factor;
        }
    }

    /** The Llama 3 rule: long waves divided by the factor, short waves kept, those between interpolated. */
    record Llama3(double factor, double lowFrequencyFactor, double highFrequencyFactor, double originalContext)
            implements RotaryScaling {
        @Override
        public double divisor(double inverseFrequency, int index) {
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

    /** One divisor per frequency, as a GGUF file stores them in {@code rope_freqs}. */
    record Divisors(float[] values) implements RotaryScaling {
        @Override
        public double divisor(double inverseFrequency, int index) {
            return values[index];
        }
    }
}
