package microtome.cli;

import java.io.PrintWriter;
import java.io.StringWriter;

/** What a call of the command line gave back. */
record Call(int status, String out, String err) {

    static Call of(Object... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        var words = new String[arguments.length];
        for (int index = 0; index < words.length; index++) {
            words[index] = arguments[index].toString();
        }
        int status = Main.run(new PrintWriter(out), new PrintWriter(err), words);
        return new Call(status, out.toString(), err.toString());
    }

    String lastLine() {
        return out.lines().toList().getLast();
    }
}
