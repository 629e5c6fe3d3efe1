package microtome.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import microtome.display.Displayable;
import microtome.display.Displays;
import microtome.display.MimeTypes;
import org.dflib.jjava.jupyter.Extension;
import org.dflib.jjava.jupyter.kernel.display.DisplayData;
import org.dflib.jjava.jupyter.kernel.display.mime.MIMEType;
import org.dflib.jjava.jupyter.messages.publish.PublishDisplayData;
import org.dflib.jjava.jupyter.messages.publish.PublishUpdateDisplayData;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class JJavaExtensionTest {
    private static final Map<String, Object> FIGURE = Map.of("data", List.of(Map.of("type", "heatmap")));

    private final FakeKernel kernel = new FakeKernel();
    private final JJavaExtension extension = new JJavaExtension();

    @AfterEach
    void backToTheConsole() {
        Displays.uninstall();
    }

    @Test
    void theKernelFindsItByItself() {
        assertThat(ServiceLoader.load(Extension.class)).hasExactlyElementsOfTypes(JJavaExtension.class);
    }

    @Test
    void theWholeBundleReachesTheNotebook() throws Exception {
        extension.install(kernel);
        DisplayData data = kernel.getRenderer().render(new Shown());
        assertThat(data.getData(MIMEType.parse(MimeTypes.PLOTLY))).isEqualTo(FIGURE);
        assertThat(data.getData(MIMEType.TEXT_HTML)).isEqualTo("<p>a figure</p>");
        assertThat(data.getData(MIMEType.TEXT_PLAIN)).isEqualTo("a figure");
    }

    @Test
    void anyRequestedFormIsGivenByTheBundle() {
        extension.install(kernel);
        for (String form : List.of(MimeTypes.HTML, MimeTypes.TEXT, MimeTypes.PLOTLY)) {
            DisplayData data = kernel.getRenderer().renderAs(new Shown(), form);
            assertThat(data.getData(MIMEType.TEXT_HTML)).as(form).isEqualTo("<p>a figure</p>");
        }
    }

    @Test
    void anErrorWhileShowingIsAnExceptionSoThatTheKernelLives() {
        extension.install(kernel);
        Displayable tooBig = () -> {
            throw new OutOfMemoryError("no room");
        };
        assertThatThrownBy(() -> kernel.getRenderer().render(tooBig))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no room");
    }

    @Test
    void progressReplacesWhatItShowed() {
        extension.install(kernel);
        String id = Displays.show(new Shown());
        Displays.update(id, new Shown());
        assertThat(kernel.published)
                .hasExactlyElementsOfTypes(PublishDisplayData.class, PublishUpdateDisplayData.class);
        assertThat(kernel.published).allSatisfy(sent -> {
            var data = (DisplayData) sent;
            assertThat(data.getDisplayId()).isEqualTo(id);
            assertThat(data.getData(MIMEType.TEXT_PLAIN)).isEqualTo("a figure");
        });
    }

    @Test
    void cellsNeedNoImports() {
        extension.install(kernel);
        assertThat(kernel.evaluated)
                .singleElement()
                .asString()
                .contains("import microtome.*;", "import microtome.model.Site;");
    }

    @Test
    void aKernelThatRefusesAStepLivesAndGetsTheOtherSteps() {
        kernel.refusesCode = true;
        var reported = errorsOf(() -> extension.install(kernel));
        assertThat(reported).contains("cells need their own imports", "NoSuchMethodError: evalRaw");
        assertThat(kernel.getRenderer().render(new Shown()).getData(MIMEType.TEXT_HTML))
                .isEqualTo("<p>a figure</p>");
    }

    @Test
    void arraysShowTheirNumbers() {
        extension.install(kernel);
        DisplayData data = kernel.getRenderer().render(new int[] {3, 1, 4});
        assertThat(data.getData(MIMEType.TEXT_PLAIN)).isEqualTo("int[3] {3, 1, 4}");
    }

    @Test
    void uninstallingReturnsProgressToTheConsole() {
        Displays.Sink console = Displays.get();
        extension.install(kernel);
        extension.uninstall(kernel);
        assertThat(Displays.get()).isSameAs(console);
    }

    private static String errorsOf(Runnable action) {
        PrintStream before = System.err;
        var bytes = new ByteArrayOutputStream();
        System.setErr(new PrintStream(bytes, true));
        try {
            action.run();
        } finally {
            System.setErr(before);
        }
        return bytes.toString();
    }

    /** A value of a type that only its interface makes known to the renderer. */
    private static final class Shown implements Displayable {
        @Override
        public Map<String, Object> mimeBundle() {
            var bundle = new LinkedHashMap<String, Object>();
            bundle.put(MimeTypes.PLOTLY, FIGURE);
            bundle.put(MimeTypes.HTML, "<p>a figure</p>");
            bundle.put(MimeTypes.TEXT, "a figure");
            return bundle;
        }
    }
}
