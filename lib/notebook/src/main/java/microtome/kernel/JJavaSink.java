package microtome.kernel;

import microtome.display.Displayable;
import microtome.display.Displays;
import org.dflib.jjava.jupyter.kernel.BaseKernel;
import org.dflib.jjava.jupyter.kernel.display.DisplayData;

/** Shows values below the running cell and replaces them there. After the cell has ended JJava drops what comes. */
final class JJavaSink implements Displays.Sink {
    private static final String DISPLAY_ID = "display_id";

    private final BaseKernel kernel;

    JJavaSink(BaseKernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public void display(String id, Displayable value) {
        kernel.getIO().display.display(identified(id, value));
    }

    @Override
    public void update(String id, Displayable value) {
        kernel.getIO().display.updateDisplay(id, identified(id, value));
    }

    private static DisplayData identified(String id, Displayable value) {
        var data = JJavaRendering.data(value);
        data.putTransientData(DISPLAY_ID, id);
        return data;
    }
}
