package microtome.model.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The readers of weight files, as targets. */
enum FuzzTargets implements FuzzTarget {
    SAFETENSORS(List.of(
            "\"a\":", "{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}", "__metadata__", "BF16", "F4")) {
        @Override
        public List<byte[]> seeds() {
            return SafetensorsSeeds.ALL;
        }

        @Override
        public byte[] next(Mutator mutator) {
            byte[] content = mutator.damaged(seeds());
            return mutator.once(4) ? content : SafetensorsSeeds.withTrueLength(content);
        }

        @Override
        public Runnable open(byte[] content) {
            return reading(Safetensors.read(MappedFile.of(PATH, content)), content.length);
        }
    },
    INDEX(List.of(
            "\"weight_map\":{", "\"a\":\"one.safetensors\",", "../", "\\u0000", "\\ud800", "one.safetensors", "\\n")) {
        private final Map<String, byte[]> files =
                Map.of("one.safetensors", SafetensorsSeeds.ALL.get(0), "two.safetensors", SafetensorsSeeds.ALL.get(1));

        @Override
        public List<byte[]> seeds() {
            String index = "{\"metadata\":{\"total_size\":1e3},\"weight_map\":{\"first\":\"one.safetensors\","
                    + "\"second\":\"one.safetensors\",\"third\":\"two.safetensors\"},\"more\":[null,true]}";
            return List.of(index.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public Runnable open(byte[] content) {
            var files = ShardIndex.parse(PATH, ConfigFile.text(PATH, content));
            int bytes =
                    SafetensorsSeeds.ALL.stream().mapToInt(seed -> seed.length).sum();
            return reading(ShardedSafetensors.open(PATH, files, this::shard), bytes);
        }

        private Safetensors shard(Path file) {
            assertThat(file.normalize().getParent()).isEqualTo(PATH.getParent());
            byte[] content = files.get(file.getFileName().toString());
            if (content == null) {
                throw new BadWeightFile(file, "file", "none", "the two there are", "none");
            }
            return Safetensors.read(MappedFile.of(file, content));
        }
    },
    GGUF(List.of("GGUF", "general.alignment", "split.count", "\u0008\u0000\u0000\u0000", "\u0009\u0000\u0000\u0000")) {
        @Override
        public List<byte[]> seeds() {
            return GgufSeeds.ALL;
        }

        @Override
        public Runnable open(byte[] content) {
            Gguf file = Gguf.read(MappedFile.of(PATH, content));
            Runnable tensors = reading(file, content.length);
            return () -> {
                tensors.run();
                file.metadata().keys().forEach(key -> GgufSeeds.readAll(file.metadata(), key));
            };
        }
    },
    NPY(List.of("'descr': '<f4'", "'fortran_order': True", "'shape': (3,)", "|O", ">f4", "(", "[", "{", "L", "\\")) {
        @Override
        public List<byte[]> seeds() {
            return NumpySeeds.ARRAYS;
        }

        @Override
        public byte[] next(Mutator mutator) {
            byte[] content = mutator.damaged(seeds());
            return mutator.once(4) ? content : NumpySeeds.withTrueLength(content);
        }

        @Override
        public Runnable open(byte[] content) {
            return reading(NumpyFile.read(MappedFile.of(PATH, content)), content.length);
        }
    },
    NPZ(List.of("PK\u0001\u0002", "PK\u0003\u0004", "PK\u0005\u0006", "PK\u0006\u0006", "../", "data.pkl", "a.npy")) {
        @Override
        public List<byte[]> seeds() {
            return NumpySeeds.ARCHIVES;
        }

        /** Damage of the archive, or a sound archive around damaged arrays. */
        @Override
        public byte[] next(Mutator mutator) {
            return mutator.once(2)
                    ? mutator.damaged(seeds())
                    : NumpySeeds.archive(mutator.once(4), NPY.next(mutator), mutator.one(NumpySeeds.ARRAYS));
        }

        @Override
        public Runnable open(byte[] content) {
            return reading(NumpyFile.read(MappedFile.of(PATH, content)), 1032L * content.length);
        }
    },
    CONFIG(List.of("\"hidden_size\":", "{", "[", "]", "}", "null", ",", "1e999999", "\\ud800", "\"\"")) {
        @Override
        public List<byte[]> seeds() {
            String config =
                    "{\"architectures\":[\"LlamaForCausalLM\"],\"hidden_size\":576,\"rope_scaling\":{\"factor\":8.0,"
                            + "\"rope_type\":\"llama3\"},\"tie_word_embeddings\":true,\"eos_token_id\":[1,2],\"pad\":null}";
            return List.of(config.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public Runnable open(byte[] content) {
            ConfigFile file = ConfigFile.parse(PATH, ConfigFile.text(PATH, content));
            return () -> assertThat(file.root().toString()).startsWith("{");
        }
    };

    private static final Path PATH = Path.of("folder", "file");

    private final List<String> words;

    FuzzTargets(List<String> words) {
        this.words = words;
    }

    @Override
    public List<String> words() {
        return words;
    }

    /** Reads every tensor; together they have no more bytes than the file can hold. */
    private static Runnable reading(WeightFile file, long most) {
        return () -> {
            long bytes = 0;
            for (String name : file.names()) {
                try {
                    StoredTensor tensor = file.tensor(name);
                    NonFinite.in(tensor);
                    bytes += tensor.bytes().byteSize();
                } catch (BadWeightFile notInflated) {
                    assertThat(file).isInstanceOf(NumpyFile.class);
                }
            }
            assertThat(bytes).isLessThanOrEqualTo(most);
        };
    }
}
