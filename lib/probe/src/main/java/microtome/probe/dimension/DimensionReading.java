package microtome.probe.dimension;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import microtome.display.InterruptedWorkException;
import microtome.display.Progress;
import microtome.model.LanguageModel;
import microtome.model.Site;
import microtome.model.corpus.CorpusHarvest;
import microtome.model.corpus.Folded;
import microtome.model.corpus.fold.Both;
import microtome.model.corpus.fold.Covariance;
import microtome.model.corpus.fold.Folds;
import microtome.probe.data.Depths;
import microtome.probe.data.Origin;

/** Reads states and measures them layer by layer. */
final class DimensionReading {
    private final DimensionOptions options;
    private final LayerMeter meter;

    DimensionReading(DimensionOptions options) {
        this.options = options;
        this.meter = new LayerMeter(options);
    }

    /** Every depth of the residual stream, and what stands after the final norm if there is one. */
    static List<Site> sites(LanguageModel model) {
        var depths = IntStream.rangeClosed(0, model.config().blocks()).mapToObj(Site::residual);
        return Stream.concat(depths, model.sites().stream().filter(Site.finalNorm()::equals))
                .toList();
    }

    Measured of(List<String> layers, float[][][] states, Origin origin) {
        return measured(layers, origin, layer -> {
            try {
                return meter.measured(layers.get(layer), Rows.checked(states[layer]));
            } catch (IllegalArgumentException wrong) {
                throw new IllegalArgumentException(
                        "layer %s: %s".formatted(layers.get(layer), wrong.getMessage()), wrong);
            }
        });
    }

    Measured of(CorpusHarvest harvest, List<Site> sites) {
        int first = harvest.options().skipFirst();
        int skipped = options.keepsFirst() ? first : Math.max(1, first);
        CorpusHarvest reading = harvest.with(harvest.options().skipFirst(skipped));
        Folded<Both<Covariance, TokenFold.Tokens>> folded =
                reading.fold(sites, () -> Folds.covariance().and(new TokenFold(options)));
        List<Site> found = folded.sites();
        if (found.isEmpty()) {
            folded.at(sites.getFirst()); // says why there is nothing
        }
        for (Site site : found) {
            requireFinite(site, folded.at(site).second());
        }
        var coverage = folded.coverage();
        Origin origin = Origin.of(
                harvest.model(),
                "%,d tokens of %,d documents".formatted(coverage.rows(), coverage.documents()),
                harvest.documents().fingerprint().orElse(""));
        origin = origin.remark(reading.options().toString());
        if (!coverage.complete()) {
            origin = origin.remark("the corpus was not read to its end: " + coverage);
        }
        return measured(found.stream().map(DimensionReading::name).toList(), origin, layer -> {
            var site = folded.at(found.get(layer));
            return meter.measured(
                    name(found.get(layer)),
                    Spectrum.of(site.first()),
                    site.second().directions(),
                    site.second().sample());
        });
    }

    static void requireFinite(Site site, TokenFold.Tokens tokens) {
        if (!tokens.wrong().isEmpty()) {
            throw new ArithmeticException(
                    "%s, %s: the model's values left the range of its number type; run it in F32, and check the weight file if it already does"
                            .formatted(site, tokens.wrong()));
        }
    }

    private static String name(Site site) {
        return switch (site.kind()) {
            case RESIDUAL -> Depths.label(site.index());
            case FINAL_NORM -> Depths.FINAL_NORM;
            default -> site.name();
        };
    }

    /** Layers one after another; an interrupt keeps those that are done. */
    Measured measured(List<String> layers, Origin origin, IntFunction<LayerDimension> measuring) {
        var done = new ArrayList<LayerDimension>();
        try (var progress = Progress.of("dimensions of layers", layers.size())) {
            for (int layer = 0; layer < layers.size(); layer++) {
                done.add(measuring.apply(layer));
                progress.step();
            }
        } catch (InterruptedWorkException interrupt) {
            if (done.isEmpty()) {
                throw interrupt;
            }
        }
        String stopped = "stopped after %d of %d layers".formatted(done.size(), layers.size());
        return new Measured(done, options, done.size() == layers.size() ? origin : origin.remark(stopped));
    }
}
