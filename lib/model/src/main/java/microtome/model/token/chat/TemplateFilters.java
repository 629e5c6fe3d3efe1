package microtome.model.token.chat;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.filter.Filter;
import com.hubspot.jinjava.lib.tag.Tag;
import com.hubspot.jinjava.tree.Node;
import com.hubspot.jinjava.tree.TagNode;
import java.util.Map;

/** Filters and tags where transformers differs from the engine. */
final class TemplateFilters {
    private TemplateFilters() {}

    /** Strips blanks as Python does. */
    static final class Trim implements Filter {
        @Override
        public String getName() {
            return "trim";
        }

        @Override
        public Object filter(Object value, JinjavaInterpreter interpreter, String... given) {
            return value == null ? "" : PythonText.strip(value.toString());
        }
    }

    /** JSON as Python's own module writes it; {@code indent} is the only option that templates use. */
    static final class ToJson implements Filter {
        @Override
        public String getName() {
            return "tojson";
        }

        @Override
        public Object filter(Object value, JinjavaInterpreter interpreter, String... given) {
            return PythonJson.text(value, given.length == 0 ? -1 : Integer.parseInt(given[0]));
        }

        @Override
        public Object filter(Object value, JinjavaInterpreter interpreter, Object[] given, Map<String, Object> named) {
            Object indent = given.length > 0 ? given[0] : named.get("indent");
            return PythonJson.text(value, indent instanceof Number number ? number.intValue() : -1);
        }
    }

    /** {@code {% generation %}} marks what the model is trained to say; it leaves no text of its own. */
    static final class Generation implements Tag {
        private static final long serialVersionUID = 1L;

        @Override
        public String getName() {
            return "generation";
        }

        @Override
        public String getEndTagName() {
            return "endgeneration";
        }

        @Override
        public String interpret(TagNode tag, JinjavaInterpreter interpreter) {
            StringBuilder inside = new StringBuilder();
            for (Node child : tag.getChildren()) {
                inside.append(child.render(interpreter));
            }
            return inside.toString();
        }
    }
}
