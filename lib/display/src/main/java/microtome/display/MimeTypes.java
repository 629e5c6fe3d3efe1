package microtome.display;

/** Names of the forms in which this package shows values. */
public final class MimeTypes {
    /** Text for terminals, logs and readers without HTML. */
    public static final String TEXT = "text/plain";

    /** An HTML fragment. */
    public static final String HTML = "text/html";

    /** A PNG picture, base64-encoded. */
    public static final String PNG = "image/png";

    /** A Plotly figure as a JSON tree. */
    public static final String PLOTLY = "application/vnd.plotly.v1+json";

    private MimeTypes() {}
}
