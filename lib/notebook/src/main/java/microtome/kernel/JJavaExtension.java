package microtome.kernel;

import java.util.stream.Collectors;
import microtome.display.Displays;
import org.dflib.jjava.jupyter.Extension;
import org.dflib.jjava.jupyter.kernel.BaseKernel;

/**
 * Makes the library at home in JJava: found by {@link java.util.ServiceLoader} when the library comes onto the kernel's
 * class path, at start or later. Uses only what JJava 1.0-a6 and 1.0-a8 both have. A step that fails is reported on the
 * kernel's error stream and skipped: an exception from here would kill the kernel.
 */
public final class JJavaExtension implements Extension {

    /** For the service loader. */
    public JJavaExtension() {}

    @Override
    public void install(BaseKernel kernel) {
        attempt("results will show as text only", () -> JJavaRendering.register(kernel.getRenderer()));
        attempt("progress will be printed", () -> Displays.install(new JJavaSink(kernel)));
        attempt("cells need their own imports", () -> kernel.evalRaw(imports()));
    }

    @Override
    public void uninstall(BaseKernel kernel) {
        Displays.uninstall();
    }

    private static String imports() {
        return CellImports.NAMES.stream().map(name -> "import " + name + ";").collect(Collectors.joining("\n"));
    }

    private static void attempt(String otherwise, Runnable step) {
        try {
            step.run();
        } catch (Exception | LinkageError problem) {
            System.err.println("microtome: %s, because of %s".formatted(otherwise, problem));
        }
    }
}
