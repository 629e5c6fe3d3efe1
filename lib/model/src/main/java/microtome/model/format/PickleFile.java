package microtome.model.format;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Pickles, which PyTorch's older files are: reading one runs the program inside it, so they are refused. */
public final class PickleFile {
    private static final Set<String> ENDINGS = Set.of("bin", "pt", "pth", "ckpt", "pkl", "pickle");
    /** Protocols 0 and 1 have no magic: a dictionary, a list or a class is what they usually begin with. */
    private static final Pattern OLD = Pattern.compile("(?s)\\((dp?|lp?|i)\\w*\n.*|[}\\]]q.*|c[\\w.]+\n\\w+\n.*");

    private static final String FIX = """
            convert it where you trust it, with these two lines of Python:
            import torch; from safetensors.torch import save_file; w = torch.load(%s, "cpu", weights_only=True)
            save_file({k: v.clone().contiguous() for k, v in w.get("state_dict", w).items()}, "model.safetensors")""";

    private PickleFile() {}

    /** Whether the name ends like that of a pickle. */
    public static boolean hasName(Path path) {
        String name = path.getFileName().toString();
        return ENDINGS.contains(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
    }

    /** Whether a file begins like a pickle. */
    static boolean hasMagic(byte[] head) {
        boolean numbered = head.length >= 2 && (head[0] & 0xff) == 0x80 && head[1] >= 2 && head[1] <= 5;
        return numbered
                || OLD.matcher(new String(head, StandardCharsets.ISO_8859_1)).matches();
    }

    /** Whether a member of a zip archive is a pickle, as in the files of {@code torch.save}. */
    static boolean isMember(String name) {
        return name.endsWith(".pkl") || name.endsWith(".pickle");
    }

    /** The error that refuses a pickle and says how to convert it. */
    public static BadWeightFile refusal(Path path) {
        return new BadWeightFile(
                path,
                "kind",
                "a pickle, which runs a program of its own when it is read",
                "safetensors, GGUF and NumPy arrays",
                FIX.formatted(quoted(path.getFileName().toString())));
    }

    /** A Python string of this text; nothing in a file's name may end it. */
    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.codePoints().forEach(symbol -> {
            boolean plain = symbol >= ' ' && symbol < 0x7f && symbol != '"' && symbol != '\\';
            if (!plain && !Character.isLetterOrDigit(symbol)) {
                quoted.append("\\U%08x".formatted(symbol));
            } else {
                quoted.appendCodePoint(symbol);
            }
        });
        return quoted.append('"').toString();
    }
}
