package microtome.model.format;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;

/** Pickles, which PyTorch's older files are: reading one runs the program inside it, so they are refused. */
public final class PickleFile {
    private static final Set<String> ENDINGS = Set.of("bin", "pt", "pth", "ckpt", "pkl", "pickle");
    private static final String FIX = "convert it where you trust it: python -c \"import torch; from safetensors.torch"
            + " import save_file; save_file({k: v.clone().contiguous() for k, v in torch.load('%s',"
            + " weights_only=True).items()}, 'model.safetensors')\"";

    private PickleFile() {}

    /** Whether the name ends like that of a pickle. */
    public static boolean hasName(Path path) {
        String name = path.getFileName().toString();
        return ENDINGS.contains(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
    }

    /** Whether a file begins like a pickle, or like the zip archive that PyTorch puts one in. */
    static boolean hasMagic(byte[] head) {
        boolean zip = head.length >= 4 && head[0] == 'P' && head[1] == 'K' && head[2] == 3 && head[3] == 4;
        boolean pickle = head.length >= 2 && (head[0] & 0xff) == 0x80 && head[1] >= 2 && head[1] <= 5;
        return zip || pickle;
    }

    /** The error that refuses a pickle and says how to convert it. */
    public static BadWeightFile refusal(Path path) {
        return new BadWeightFile(
                path,
                "kind",
                "a pickle, which runs a program of its own when it is read",
                "safetensors and GGUF",
                FIX.formatted(path.getFileName()));
    }
}
