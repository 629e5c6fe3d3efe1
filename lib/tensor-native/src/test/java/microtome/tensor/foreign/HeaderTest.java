package microtome.tensor.foreign;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import microtome.tensor.DType;
import microtome.tensor.Op;
import microtome.tensor.Shape;
import org.junit.jupiter.api.Test;

/** The binding says what the C header says. */
class HeaderTest {
    private static final Path HEADER = Path.of("../../native/include/microtome/microtome.h");
    private static final Path TESTS = Path.of("../../native/tests");
    private static final Pattern FUNCTION = Pattern.compile("MT_API\\s+([\\w\\s]+?[\\s*]+)(mt_\\w+)\\(([^)]*)\\)");
    private static final Pattern CONSTANT = Pattern.compile("\\b(MT_\\w+)\\s*=\\s*(\\d+)");

    private static final List<Class<?>> BINDING = List.of(
            Status.class,
            EngineFunctions.class,
            BufferFunctions.class,
            MovementFunctions.class,
            ElementwiseFunctions.class,
            RowFunctions.class,
            ProductFunctions.class,
            GradientFunctions.class,
            DomainFunctions.class);

    private final String header = withoutComments(Files.readString(HEADER));

    HeaderTest() throws IOException {}

    @Test
    void everyFunctionHasItsSignature() {
        var declared = new TreeMap<String, FunctionDescriptor>();
        var matcher = FUNCTION.matcher(header);
        while (matcher.find()) {
            declared.put(matcher.group(2), signature(matcher.group(1), matcher.group(3)));
        }
        assertThat(declared).hasSizeGreaterThan(20);
        assertThat(new TreeMap<>(Signatures.all())).isEqualTo(declared);
    }

    @Test
    void everyFunctionHasAMethod() {
        var methods = BINDING.stream()
                .flatMap(binding -> Arrays.stream(binding.getDeclaredMethods()))
                .map(Method::getName)
                .toList();
        for (var function : Signatures.all().keySet()) {
            assertThat(methods).contains(camelCase(function.substring("mt_".length())));
        }
    }

    @Test
    void everyFunctionIsFuzzedAndHeldToTheSameBitsForAnyNumberOfThreads() throws IOException {
        var fuzzed = sources("fuzz");
        var compared = sources("same_bits");
        for (var function : Signatures.all().keySet()) {
            assertThat(fuzzed).as("fuzz_test calls " + function).containsPattern("\\b" + function + "[,()]");
        }
        int computing = header.indexOf("MT_API mt_status mt_copy");
        var matcher = FUNCTION.matcher(header).region(computing, header.length());
        while (matcher.find()) {
            if (!matcher.group(2).equals("mt_packed_bytes")) {
                assertThat(compared)
                        .as("same_bits_test runs " + matcher.group(2))
                        .contains("{\"" + matcher.group(2) + "\",");
            }
        }
    }

    /** The C++ files of a native test. */
    private static String sources(String prefix) throws IOException {
        var text = new StringBuilder();
        try (var files = Files.newDirectoryStream(TESTS, prefix + "*.cpp")) {
            for (var file : files) {
                text.append(Files.readString(file));
            }
        }
        return text.toString();
    }

    @Test
    void theTensorDescriptorHasTheFieldsOfTheStruct() {
        int start = header.indexOf("typedef struct mt_tensor {");
        var body = header.substring(header.indexOf('{', start) + 1, header.indexOf('}', start));
        var fields = new ArrayList<MemoryLayout>();
        for (var declaration : body.split(";")) {
            if (!declaration.isBlank()) {
                fields.add(field(declaration.strip()));
            }
        }
        assertThat(Descriptors.TENSOR).isEqualTo(MemoryLayout.structLayout(fields.toArray(MemoryLayout[]::new)));
    }

    private static MemoryLayout field(String declaration) {
        var name = declaration.replaceAll("\\[.*", "").replaceAll(".*[\\s*]", "");
        var type = layout(declaration.substring(0, declaration.lastIndexOf(name)));
        boolean array = declaration.endsWith("[MT_MAX_RANK]");
        return (array ? MemoryLayout.sequenceLayout(Shape.MAX_RANK, type) : type).withName(name);
    }

    @Test
    void theNumbersOfTypesAndKindsAreTheHeaders() {
        var constants = constants();
        check(constants, "", DType.values(), Codes::of);
        check(constants, "", Op.Unary.Function.values(), Codes::of);
        check(constants, "", Op.Binary.Function.values(), Codes::of);
        check(constants, "", Op.Reduce.Kind.values(), Codes::of);
        check(constants, "", Op.Activation.values(), Codes::of);
        check(constants, "", Op.SparseEncode.Choice.values(), Codes::of);
        check(constants, "", Op.IcaStep.Contrast.values(), Codes::of);
        assertThat(header)
                .contains("#define MT_ABI_VERSION " + Signatures.ABI_VERSION)
                .contains("#define MT_MAX_RANK " + Shape.MAX_RANK);
    }

    private static <E extends Enum<E>> void check(
            Map<String, Integer> constants, String prefix, E[] values, ToIntFunction<E> code) {
        for (var value : values) {
            assertThat(constants).containsEntry("MT_" + prefix + value.name(), code.applyAsInt(value));
        }
    }

    private Map<String, Integer> constants() {
        return CONSTANT.matcher(header)
                .results()
                .collect(Collectors.toMap(found -> found.group(1), found -> Integer.parseInt(found.group(2))));
    }

    private static FunctionDescriptor signature(String result, String parameters) {
        var layouts = Arrays.stream(parameters.split(","))
                .map(String::strip)
                .filter(parameter -> !parameter.equals("void"))
                .map(parameter -> parameter.replaceAll("\\w+$", ""))
                .map((Function<String, MemoryLayout>) HeaderTest::layout)
                .toArray(MemoryLayout[]::new);
        return FunctionDescriptor.of(layout(result), layouts);
    }

    private static MemoryLayout layout(String type) {
        if (type.contains("*")) {
            return ValueLayout.ADDRESS;
        }
        return switch (type.strip()) {
            case "int32_t", "mt_status", "mt_dtype", "mt_layout" -> ValueLayout.JAVA_INT;
            case "mt_unary_kind", "mt_binary_kind", "mt_activation_kind", "mt_reduce_kind" -> ValueLayout.JAVA_INT;
            case "mt_choice_kind", "mt_contrast_kind" -> ValueLayout.JAVA_INT;
            case "int64_t" -> ValueLayout.JAVA_LONG;
            case "float" -> ValueLayout.JAVA_FLOAT;
            case "double" -> ValueLayout.JAVA_DOUBLE;
            default -> throw new AssertionError("the header uses a type that this test does not know: " + type);
        };
    }

    private static String withoutComments(String source) {
        return source.replaceAll("(?s)/\\*.*?\\*/", "");
    }

    private static String camelCase(String name) {
        var words = name.split("_");
        return words[0]
                + Arrays.stream(words, 1, words.length)
                        .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
                        .collect(Collectors.joining());
    }
}
