package microtome.probe.attribution;

import microtome.model.LanguageModel;
import microtome.model.Precision;
import microtome.model.token.TokenSequence;
import microtome.probe.data.Provenance;

/**
 * What is asked: which metric, at which position, of which prompt.
 *
 * @param position counted from 0
 */
record Question(LanguageModel model, TokenSequence tokens, LogitMetric metric, int position) {

    int blocks() {
        return model.config().blocks();
    }

    String label() {
        return metric.label(model);
    }

    /** What a result remembers of this. */
    Asked asked() {
        return new Asked(
                Provenance.of(model, tokens), label(), position, model.card().precision() == Precision.BF16);
    }
}
