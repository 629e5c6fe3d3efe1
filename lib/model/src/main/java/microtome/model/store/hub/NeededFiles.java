package microtome.model.store.hub;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import microtome.display.Bytes;
import microtome.model.format.Nearest;

/** Which files of a repository a model needs: its weights in one form, and what describes them. */
record NeededFiles(HubName name, HubListing listing) {
    static final String SINGLE = "model.safetensors";
    static final String INDEX = "model.safetensors.index.json";
    static final String CONFIG = "config.json";
    static final String TOKENIZER = "tokenizer.json";

    private static final List<String> DESCRIPTIONS = List.of(
            CONFIG,
            "generation_config.json",
            TOKENIZER,
            "tokenizer_config.json",
            "special_tokens_map.json",
            "added_tokens.json",
            "chat_template.jinja",
            "chat_template.json",
            "tokenizer.model",
            "vocab.json",
            "vocab.txt",
            "merges.txt",
            "modules.json",
            "sentence_bert_config.json",
            "1_Pooling/config.json");
    private static final Pattern PIECE = Pattern.compile(".*-\\d{5}-of-\\d{5}\\.gguf");
    private static final Pattern PICKLE = Pattern.compile(".*\\.(bin|pt|pth|ckpt|pkl)");
    private static final int SHOWN = 40;

    /** The weight file, or the index of several. */
    HubFile weights() {
        if (name.file().isPresent()) {
            return described(named(name.file().get()));
        }
        Optional<HubFile> usual = Stream.of(SINGLE, INDEX)
                .flatMap(path -> listing.file(path).stream())
                .findFirst();
        if (usual.isPresent()) {
            return described(usual.get());
        }
        List<HubFile> safetensors =
                ending(".safetensors").filter(file -> file.folder().isEmpty()).toList();
        List<HubFile> candidates = safetensors.isEmpty() ? ending(".gguf").toList() : safetensors;
        if (candidates.size() > 1) {
            throw several(candidates);
        }
        return described(candidates.stream().findFirst().orElseThrow(this::nothing));
    }

    private HubFile named(String path) {
        return listing.file(path).orElseThrow(() -> {
            Collection<String> readable = Stream.of(".gguf", ".safetensors")
                    .flatMap(this::ending)
                    .map(HubFile::path)
                    .toList();
            return new HubProblem("%s has no file %s at '%s' (commit %s); %s"
                    .formatted(
                            name.repository(),
                            path,
                            name.revision(),
                            listing.commit(),
                            Nearest.clause(path, readable)));
        });
    }

    /** Refuses weights that could not be loaded, before gigabytes of them are here. */
    private HubFile described(HubFile weights) {
        if (PIECE.matcher(weights.path()).matches()) {
            throw new HubProblem(
                    "%s: %s is one piece of a GGUF file; choose a file that is whole, or join the pieces with llama.cpp's 'llama-gguf-split --merge' and give the path of the result"
                            .formatted(name, weights));
        }
        if (!weights.path().endsWith(".gguf")
                && listing.file(weights.folder() + CONFIG).isEmpty()) {
            throw new HubProblem(
                    "%s: there is no %s beside %s, so its family and dimensions are unknown; is this an adapter of another model?"
                            .formatted(name, CONFIG, weights));
        }
        return weights;
    }

    /** Descriptions beside the weights, those that there are; a GGUF file describes itself. */
    List<HubFile> descriptions(HubFile weights) {
        if (weights.path().endsWith(".gguf")) {
            return List.of();
        }
        return DESCRIPTIONS.stream()
                .flatMap(path -> listing.file(weights.folder() + path).stream())
                .toList();
    }

    /** The files that an index names. */
    List<HubFile> shards(HubFile index, Collection<String> names) {
        List<HubFile> shards = new ArrayList<>();
        for (String shard : names) {
            shards.add(listing.file(index.folder() + shard)
                    .orElseThrow(() -> new HubProblem("%s: %s names the file '%s', which the repository lacks"
                            .formatted(name, index.path(), shard))));
        }
        return shards;
    }

    private Stream<HubFile> ending(String ending) {
        return listing.files().values().stream().filter(file -> file.path().endsWith(ending));
    }

    private HubProblem several(List<HubFile> candidates) {
        String list = candidates.stream()
                .limit(SHOWN)
                .map(file -> "%n  %s  (%s)".formatted(name.file(file.path()), Bytes.text(file.bytes())))
                .collect(Collectors.joining());
        String more = candidates.size() > SHOWN ? "%n  and %d more".formatted(candidates.size() - SHOWN) : "";
        return new HubProblem(
                "%s has %d weight files; name one of them:%s%s".formatted(name, candidates.size(), list, more));
    }

    private HubProblem nothing() {
        Optional<HubFile> pickle = listing.files().values().stream()
                .filter(file -> PICKLE.matcher(file.path()).matches())
                .findFirst();
        if (pickle.isPresent()) {
            return new HubProblem(
                    "%s has only pickles (%s), and reading a pickle runs the program inside it; convert it where you trust it: python -c \"from transformers import AutoModelForCausalLM, AutoTokenizer; m = '%s'; AutoModelForCausalLM.from_pretrained(m).save_pretrained('converted'); AutoTokenizer.from_pretrained(m).save_pretrained('converted')\" (AutoModel for an encoder), then load the path of that folder"
                            .formatted(name, pickle.get(), name.repository()));
        }
        String there = listing.files().keySet().stream().limit(8).collect(Collectors.joining(", "));
        return new HubProblem("%s has no weights that can be read (safetensors or GGUF); it has: %s"
                .formatted(name, there.isEmpty() ? "nothing" : there));
    }
}
