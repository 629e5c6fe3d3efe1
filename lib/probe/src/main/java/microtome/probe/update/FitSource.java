package microtome.probe.update;

import microtome.model.LanguageModel;
import microtome.model.corpus.CorpusHarvest;
import microtome.probe.data.Origin;
import microtome.tensor.Engine;

/**
 * What maps were fitted to.
 *
 * @param model null where the states were given
 * @param harvest null where the states were given
 */
record FitSource(Engine engine, LanguageModel model, CorpusHarvest harvest, UpdateOptions options, Origin origin) {}
