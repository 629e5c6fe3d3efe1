package microtome.model.generate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import microtome.display.Displayable;
import microtome.display.Displays;
import microtome.display.MimeTypes;
import microtome.model.token.TokenSequence;

/**
 * Texts that grow in the cell while they are written. Nothing is shown in the first quarter of a second, so short texts come at
 * once; afterwards the cell changes at most ten times a second. Where shown things
 * cannot be replaced, as on a console, only the result is shown.
 *
 * <pre>{@code
 * var live = LiveText.of(request);
 * live.end(request.run(model, taps, live));
 * }</pre>
 */
public final class LiveText implements Listener {
    static final long SILENT_NANOS = 250_000_000L;
    static final long NANOS_BETWEEN_UPDATES = 100_000_000L;

    private final List<String> prompts;
    private final List<StringBuilder> written = new ArrayList<>();
    private final LongSupplier clock;
    private final long start;
    private String displayId;
    private long lastShown;

    LiveText(List<String> prompts, LongSupplier clock) {
        this.prompts = List.copyOf(prompts);
        this.clock = clock;
        this.start = clock.getAsLong();
        prompts.forEach(_ -> written.add(new StringBuilder()));
    }

    /** For the texts of this request. */
    public static LiveText of(Generation request) {
        return new LiveText(request.prompts().stream().map(TokenSequence::text).toList(), System::nanoTime);
    }

    @Override
    public void wrote(int sequence, String text) {
        written.get(sequence).append(text);
        long now = clock.getAsLong();
        boolean grows = Displays.get().replaces(); // a console would print everything again and again
        if (grows && now - start >= SILENT_NANOS && (displayId == null || now - lastShown >= NANOS_BETWEEN_UPDATES)) {
            show(new Page(state()));
            lastShown = now;
        }
    }

    /** Puts the whole result in the place of the growing text, or shows it if nothing was shown yet. */
    public void end(Displayable result) {
        show(result);
    }

    /** Takes the growing text away, for a result that the cell shows by itself. */
    public void clear() {
        if (displayId != null) {
            show(new Page(List.of()));
        }
    }

    private void show(Displayable value) {
        if (displayId == null) {
            displayId = Displays.show(value);
        } else {
            Displays.update(displayId, value);
        }
    }

    private record Paragraph(String prompt, String written) {}

    private List<Paragraph> state() {
        var paragraphs = new ArrayList<Paragraph>();
        for (int i = 0; i < prompts.size(); i++) {
            paragraphs.add(new Paragraph(prompts.get(i), written.get(i).toString()));
        }
        return paragraphs;
    }

    /** The texts at one moment. */
    private record Page(List<Paragraph> paragraphs) implements Displayable {

        @Override
        public Map<String, Object> mimeBundle() {
            var html = new StringBuilder();
            var text = new StringBuilder();
            for (Paragraph paragraph : paragraphs) {
                html.append(Pages.paragraph(paragraph.prompt(), paragraph.written(), "…"));
                text.append(paragraph.prompt())
                        .append('‖')
                        .append(paragraph.written())
                        .append(" […]\n");
            }
            var bundle = new LinkedHashMap<String, Object>();
            bundle.put(MimeTypes.HTML, html.toString());
            bundle.put(MimeTypes.TEXT, text.toString());
            return bundle;
        }
    }
}
