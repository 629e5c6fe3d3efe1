package microtome.kernel;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.dflib.jjava.jupyter.channels.ShellReplyEnvironment;
import org.dflib.jjava.jupyter.kernel.BaseKernel;
import org.dflib.jjava.jupyter.kernel.JupyterIO;
import org.dflib.jjava.jupyter.kernel.LanguageInfo;
import org.dflib.jjava.jupyter.kernel.ReplacementOptions;
import org.dflib.jjava.jupyter.kernel.comm.CommManager;
import org.dflib.jjava.jupyter.kernel.display.DisplayData;
import org.dflib.jjava.jupyter.kernel.display.Renderer;
import org.dflib.jjava.jupyter.kernel.magic.MagicsRegistry;
import org.dflib.jjava.jupyter.kernel.util.StringStyler;
import org.dflib.jjava.jupyter.messages.ContentType;

/** JJava's base kernel with its real renderer; keeps what cells would run and what would be sent to the notebook. */
final class FakeKernel extends BaseKernel {
    final List<String> evaluated = new ArrayList<>();
    final List<Object> published = new ArrayList<>();
    boolean refusesCode;

    FakeKernel() {
        super(
                "fake",
                "0",
                new LanguageInfo.Builder("java").build(),
                List.of(),
                null,
                new Io(),
                new CommManager(),
                new Renderer(),
                null,
                new MagicsRegistry(),
                false,
                new StringStyler.Builder().build());
        ((Io) getIO()).attach(new Replies());
    }

    @Override
    public Object evalRaw(String code) {
        if (refusesCode) {
            throw new NoSuchMethodError("evalRaw");
        }
        evaluated.add(code);
        return null;
    }

    @Override
    public DisplayData inspect(String code, int at, boolean extraDetail) {
        return null;
    }

    @Override
    public ReplacementOptions complete(String code, int at) {
        return null;
    }

    @Override
    public String isComplete(String code) {
        return IS_COMPLETE_YES;
    }

    private static final class Io extends JupyterIO {
        Io() {
            super(StandardCharsets.UTF_8);
        }

        void attach(ShellReplyEnvironment replies) {
            setEnv(replies);
        }
    }

    private final class Replies extends ShellReplyEnvironment {
        Replies() {
            super(null, null, null, null);
        }

        @Override
        public <T extends ContentType<T>> void publish(T content) {
            published.add(content);
        }
    }
}
