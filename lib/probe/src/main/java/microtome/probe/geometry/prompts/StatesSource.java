package microtome.probe.geometry.prompts;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import microtome.model.LanguageModel;
import microtome.model.Site;
import microtome.probe.data.prompt.PromptSet;
import microtome.probe.data.prompt.PromptStates;
import microtome.probe.data.prompt.WordPosition;
import microtome.probe.geometry.TrajectoryOptions;

/** Where the states of a plan come from: a model that is run once per choice of points, or numbers that were given. */
sealed interface StatesSource {
    /** The states at the points of a path. */
    PromptStates at(TrajectoryOptions points);

    /** The states at the word of every prompt. */
    PromptStates atWords(TrajectoryOptions points, WordAlignment alignment);

    /** The points in words; {@code atWords} as {@link #atWords} reads them. */
    String points(TrajectoryOptions points, boolean atWords);

    /** The prompts. */
    PromptSet prompts();

    /**
     * The same prompts through the same architecture with weights drawn anew.
     *
     * @throws IllegalStateException if there is no model
     */
    StatesSource redrawn(long seed);

    /** Numbers that were given; what they were read at is the caller's choice. */
    record Given(PromptStates states) implements StatesSource {
        @Override
        public PromptStates at(TrajectoryOptions points) {
            return states;
        }

        @Override
        public PromptStates atWords(TrajectoryOptions points, WordAlignment alignment) {
            return states;
        }

        @Override
        public String points(TrajectoryOptions points, boolean atWords) {
            return "states as given, %s to %s"
                    .formatted(states.layers().getFirst(), states.layers().getLast());
        }

        @Override
        public PromptSet prompts() {
            return states.prompts();
        }

        @Override
        public StatesSource redrawn(long seed) {
            throw new IllegalStateException(
                    "states that were given have no model whose weights could be drawn anew; make the plan of a model, PromptGeometry.of(model, prompts)");
        }
    }

    /** A model; what it gave is kept, so that many metrics of one plan run it once. */
    final class OfModel implements StatesSource {
        private final LanguageModel model;
        private final PromptSet prompts;
        private final Map<Object, PromptStates> read = new HashMap<>();
        private final Map<Long, StatesSource> redrawn = new HashMap<>();

        /** The states of words, beside those of other points in what is kept. */
        private record Words(List<Site> sites) {}

        OfModel(LanguageModel model, PromptSet prompts) {
            this.model = model;
            this.prompts = prompts;
        }

        @Override
        public PromptStates at(TrajectoryOptions points) {
            return kept(points, () -> PromptStates.read(model, prompts, points.rule(), sites(points)));
        }

        @Override
        public PromptStates atWords(TrajectoryOptions points, WordAlignment alignment) {
            prompts.pairs()
                    .forEach(pair -> alignment.check(pair, position(pair.first()), position(pair.second()), prompts));
            return kept(
                    new Words(sites(points)), () -> remarked(PromptStates.readWords(model, prompts, sites(points))));
        }

        private PromptStates remarked(PromptStates states) {
            long unequal = prompts.pairs().stream()
                    .filter(pair -> position(pair.first()) != position(pair.second()))
                    .count();
            String remark = "%d of %d pairs have their word at two positions, which alone moves a state"
                    .formatted(unequal, prompts.pairs().size());
            return unequal == 0
                    ? states
                    : new PromptStates(
                            states.prompts(),
                            states.layers(),
                            states.states(),
                            states.origin().remark(remark));
        }

        @Override
        public String points(TrajectoryOptions points, boolean atWords) {
            return atWords ? "last token of the word, " + points.depths() : points.toString();
        }

        @Override
        public PromptSet prompts() {
            return prompts;
        }

        @Override
        public synchronized StatesSource redrawn(long seed) {
            return redrawn.computeIfAbsent(seed, each -> new Redrawn(this, each));
        }

        private List<Site> sites(TrajectoryOptions points) {
            return points.sites(model.config().blocks());
        }

        private int position(int prompt) {
            return WordPosition.of(prompts.prompts().get(prompt), model.tokenizer())
                    .last();
        }

        /** What an interrupt left incomplete is handed on and not kept. */
        private synchronized PromptStates kept(Object key, Supplier<PromptStates> reading) {
            PromptStates known = read.get(key);
            if (known != null) {
                return known;
            }
            PromptStates states = reading.get();
            if (states.prompts().size() == prompts.size()) {
                read.put(key, states);
            }
            return states;
        }
    }

    /** A model with weights drawn anew, which is there only while it is read. */
    final class Redrawn implements StatesSource {
        private final OfModel original;
        private final long seed;
        private final Map<Object, PromptStates> read = new HashMap<>();

        Redrawn(OfModel original, long seed) {
            this.original = original;
            this.seed = seed;
        }

        @Override
        public PromptStates at(TrajectoryOptions points) {
            return kept(points, source -> source.at(points));
        }

        @Override
        public PromptStates atWords(TrajectoryOptions points, WordAlignment alignment) {
            return kept(List.of(points, alignment), source -> source.atWords(points, alignment));
        }

        @Override
        public String points(TrajectoryOptions points, boolean atWords) {
            return original.points(points, atWords);
        }

        @Override
        public PromptSet prompts() {
            return original.prompts();
        }

        @Override
        public StatesSource redrawn(long other) {
            return original.redrawn(other);
        }

        private synchronized PromptStates kept(Object key, Function<StatesSource, PromptStates> reading) {
            PromptStates known = read.get(key);
            if (known != null) {
                return known;
            }
            try (LanguageModel random = original.model.redrawn(seed)) {
                PromptStates states = reading.apply(new OfModel(random, original.prompts));
                if (states.prompts().size() == original.prompts.size()) {
                    read.put(key, states);
                }
                return states;
            }
        }
    }
}
