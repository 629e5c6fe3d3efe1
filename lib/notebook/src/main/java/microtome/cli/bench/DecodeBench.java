package microtome.cli.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import microtome.model.LanguageModel;
import microtome.model.LoadOptions;
import microtome.model.ModelCard;
import microtome.model.Site;
import microtome.model.Tap;
import microtome.model.Weights;
import microtome.model.format.Gguf;
import microtome.model.format.WeightFile;
import microtome.model.format.WeightFormats;
import microtome.model.store.ModelFiles;
import microtome.tensor.DType;
import microtome.tensor.Engine;
import microtome.tensor.Tensor;

/**
 * Greedy decoding of one sequence over kept keys and values, with the weights in every form, against our own F32 in the same
 * run: a step reads each weight once, so that smaller weights should be faster in proportion.
 */
final class DecodeBench implements Benchmark {
    private static final int PROMPT = 16;
    private static final int TOKENS = 32;
    private static final double WARM_UP_SECONDS = 4;
    private static final Turns TURNS = new Turns(WARM_UP_SECONDS, 1, 7);
    /** Ten times what two orders of summation of F32 make of the last logits of 30 blocks. */
    private static final double LOGIT_BOUND = 4e-5;

    private static final LoadOptions PLAIN = LoadOptions.DEFAULT;

    /**
     * One way to keep the weights.
     *
     * @param files the file
     * @param decoded a file that stands for the same numbers when it is loaded in F32
     * @param bound how many times the speed of F32 it should have
     */
    private record Form(String name, ModelFiles files, Weights weights, ModelFiles decoded, double bound) {}

    private final ModelFiles files;

    DecodeBench(ModelFiles files) {
        this.files = files;
    }

    @Override
    public List<Result> run() {
        Path folder = folder();
        try {
            return measured(forms(folder));
        } finally {
            delete(folder);
        }
    }

    private List<Form> forms(Path folder) {
        DType stored = matrixType();
        var forms = new ArrayList<Form>();
        forms.add(new Form(stored + " as stored", files, Weights.AS_STORED, files, bound(stored)));
        try (var engine = Engine.open()) {
            for (DType type : List.of(DType.Q8_0, DType.Q4_0, DType.F16, DType.BF16)) {
                Path copy = folder.resolve(type + ".gguf");
                GgufCopy.write(engine, files.weights(), type, copy);
                var model = new ModelFiles(type.name(), copy, Optional.empty(), Optional.of(copy), Optional.empty());
                forms.add(new Form(type + " as stored", model, Weights.AS_STORED, model, bound(type)));
            }
        }
        ModelFiles rounded = forms.getLast().files();
        forms.add(new Form("BF16 rounded on loading", files, Weights.BF16, rounded, bound(DType.BF16)));
        return forms;
    }

    private DType matrixType() {
        try (WeightFile file = WeightFormats.open(files.weights())) {
            if (!(file instanceof Gguf)) {
                throw new IllegalArgumentException(
                        "bench decode writes copies of a GGUF file in other types, and %s is none; give --model a .gguf"
                                .formatted(files.weights()));
            }
            return ProductsCheck.commonType(file);
        }
    }

    /** The promised speed over F32. */
    private static double bound(DType type) {
        return switch (type) {
            case Q8_0 -> 1.6;
            case BF16, F16 -> 1.7;
            case Q4_0, Q4_1 -> 2.5;
            case F32, F64, I32, Q5_0, Q5_1, Q4_K, Q5_K, Q6_K -> 1;
        };
    }

    private List<Result> measured(List<Form> forms) {
        var checks = forms.stream().map(DecodeBench::checked).toList();
        ModelCard card = card();
        var contenders = new ArrayList<Contender>();
        contenders.add(decoding("F32", files, Weights.F32));
        forms.forEach(form -> contenders.add(decoding(form.name(), form.files(), form.weights())));
        contenders.add(products(Weights.F32, card));
        contenders.add(products(Weights.AS_STORED, card));
        List<Timings> timings = TURNS.take(contenders);
        var results = new ArrayList<Result>();
        for (int i = 0; i < forms.size(); i++) {
            results.add(result(forms.get(i), checks.get(i), timings.get(i + 1), timings.getFirst()));
        }
        results.add(costs(card, timings));
        return results;
    }

    private ModelCard card() {
        try (var model = LanguageModel.load(files, PLAIN)) {
            return model.card();
        }
    }

    /**
     * Loads the model for its turn only. Threads of idle engines count for OpenMP, which lets waiting threads sleep sooner
     * when there are more than processors: with all models loaded at once every one of them is nearly half as fast.
     */
    private static Contender decoding(String name, ModelFiles files, Weights weights) {
        return Contender.of(name, () -> {
            try (var model = LanguageModel.load(files, PLAIN.weights(weights))) {
                return second(new Decoded(name, model, PROMPT, TOKENS));
            }
        });
    }

    private Contender products(Weights weights, ModelCard card) {
        return Contender.of("products alone, " + weights.label(), () -> {
            try (var products = ProductsAlone.of(files, weights, card.config(), TOKENS)) {
                return second(products);
            }
        });
    }

    /** The time of the second run: in the first one memory is touched for the first time. */
    private static double second(Contender loaded) {
        loaded.seconds();
        return loaded.seconds();
    }

    private static Result result(Form form, String check, Timings ours, Timings plain) {
        double ratio = ours.speedOver(plain);
        var facts = new LinkedHashMap<String, Object>();
        facts.put("checked", check);
        facts.put("tokens per second", "%.1f (F32 %.1f)".formatted(TOKENS / ours.median(), TOKENS / plain.median()));
        facts.put(
                "ratio",
                "%.2f x F32, should be at least %.1f x: %s"
                        .formatted(ratio, form.bound(), ratio >= form.bound() ? "reached" : "missed"));
        String title =
                "decode: %d tokens one by one after a prompt of %d, weights %s".formatted(TOKENS, PROMPT, form.name());
        return Result.timed(title, List.of(ours, plain), facts);
    }

    /** The first contender is F32, the second the file as stored; the last two are their products alone. */
    private static Result costs(ModelCard card, List<Timings> timings) {
        var facts = new LinkedHashMap<String, Object>();
        facts.put("a step in F32", share(timings.getFirst(), timings.get(timings.size() - 2)));
        facts.put("a step as stored", share(timings.get(1), timings.getLast()));
        facts.put("overhead", SmallOperations.cost());
        facts.put("device", card.device());
        return Result.timed("decode: what a step costs beside its products with weights", List.of(), facts);
    }

    private static String share(Timings steps, Timings products) {
        return "%.2f ms, of which its products alone take %.2f ms; %.0f %% is not products"
                .formatted(
                        1e3 * steps.median() / TOKENS,
                        1e3 * products.median() / TOKENS,
                        100 * (1 - products.median() / steps.median()));
    }

    /** Says how near the numbers are to those of the same weights in F32; a wrong result is not timed. */
    private static String checked(Form form) {
        double product = ProductsCheck.of(form.files(), form.weights());
        var embedded = new Embedded();
        float[] ours = logits(form.files(), form.weights(), embedded);
        double logits = difference(ours, logits(form.decoded(), Weights.F32, embedded));
        String found =
                "against the same weights decoded to F32: every product within %.1e of the sizes of its terms (bound %.0e), logits within %.1e of the largest (bound %.0e)"
                        .formatted(product, ProductsCheck.BOUND, logits, LOGIT_BOUND);
        if (!(logits <= LOGIT_BOUND)) {
            throw new WrongResult("%s: not timed, because the result is wrong: %s".formatted(form.name(), found));
        }
        return found;
    }

    private static float[] logits(ModelFiles files, Weights weights, Tap tap) {
        try (var model = LanguageModel.load(files, PLAIN.weights(weights))) {
            return new Decoded("", model, PROMPT, 0).logits(tap);
        }
    }

    /** Gives every pass the embeddings of the first, since rows of the embedding are read as the file has them in every form. */
    private static final class Embedded implements Tap {
        private float[] first;

        @Override
        public boolean wants(Site site) {
            return site.equals(Site.embedding());
        }

        @Override
        public Tensor at(Site site, Tensor value) {
            if (first == null) {
                first = value.toFloats();
            }
            return value.engine().tensor(first, value.shape().extents());
        }
    }

    /** The largest difference over the largest value. */
    static double difference(float[] ours, float[] theirs) {
        double difference = 0;
        double largest = 0;
        for (int i = 0; i < ours.length; i++) {
            double apart = Math.abs((double) ours[i] - theirs[i]);
            difference = Double.isNaN(apart) ? Double.POSITIVE_INFINITY : Math.max(difference, apart);
            largest = Math.max(largest, Math.abs(theirs[i]));
        }
        return difference / largest;
    }

    private static Path folder() {
        try {
            return Files.createTempDirectory("microtome-decode");
        } catch (IOException failure) {
            throw new UncheckedIOException("no temporary folder for copies of the model in other types", failure);
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
            Files.delete(folder);
        } catch (IOException leftBehind) {
            throw new UncheckedIOException(folder + ": cannot be removed", leftBehind);
        }
    }
}
