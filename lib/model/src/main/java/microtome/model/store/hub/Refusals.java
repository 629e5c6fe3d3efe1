package microtome.model.store.hub;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Turns the hub's answers other than success into errors that say what to do. */
record Refusals(HubSettings settings, Pace pace, HubName name) {
    private static final Pattern RESET = Pattern.compile("\\bt=(\\d{1,9})");
    private static final int LONGEST_WORDS = 200;

    /**
     * Lets success pass.
     *
     * @throws Retry.TryAgain when the server is busy or broken, and says how long to wait
     * @throws HubProblem when asking again would not help
     */
    void check(HttpResponse<?> answer) throws IOException {
        int status = answer.statusCode();
        if (status / 100 == 2) {
            return;
        }
        if (status == 408 || status == 429 || status >= 500) {
            throw busy(answer);
        }
        throw switch (status) {
            case 401, 403 -> forbidden(answer);
            case 404, 410 -> missing(answer);
            case 416 ->
                new HubProblem.FileChanged("%s: the file is shorter than the hub's list says".formatted(asked(answer)));
            default -> new HubProblem("%s: answer %d%s".formatted(asked(answer), status, words(answer)));
        };
    }

    private IOException busy(HttpResponse<?> answer) {
        Duration pause = pause(answer);
        String what = "%s: answer %d%s".formatted(asked(answer), answer.statusCode(), words(answer));
        if (pause.compareTo(pace.longestWait()) > 0) {
            throw new HubProblem(
                    "%s; the server asks to wait %d s: try again then; a token (HF_TOKEN) raises its limits"
                            .formatted(what, pause.toSeconds()));
        }
        return new Retry.TryAgain(what, pause);
    }

    /** What {@code Retry-After} (seconds, or a date) or the hub's {@code RateLimit: …;t=seconds} asks for. */
    private static Duration pause(HttpResponse<?> answer) {
        String after = answer.headers().firstValue("Retry-After").orElse("").strip();
        if (after.matches("\\d{1,9}")) {
            return Duration.ofSeconds(Long.parseLong(after));
        }
        if (!after.isEmpty()) {
            try {
                Instant until = ZonedDateTime.parse(after, DateTimeFormatter.RFC_1123_DATE_TIME)
                        .toInstant();
                Duration left = Duration.between(Instant.now(), until);
                return left.isNegative() ? Duration.ZERO : left;
            } catch (DateTimeException malformed) {
                return Duration.ZERO;
            }
        }
        Matcher reset = RESET.matcher(answer.headers().firstValue("RateLimit").orElse(""));
        boolean limited = answer.statusCode() == 429 && reset.find();
        return limited ? Duration.ofSeconds(Long.parseLong(reset.group(1))) : Duration.ZERO;
    }

    private HubProblem forbidden(HttpResponse<?> answer) {
        String page = settings.endpoint() + "/" + name.repository();
        String who = settings.token().isPresent()
                ? "a token was sent: is it of an account that may read this, and still valid?"
                : "no token was sent: make one at %s/settings/tokens, set HF_TOKEN (or run 'hf auth login') and start again"
                        .formatted(settings.endpoint());
        if (code(answer).equals("GatedRepo")) {
            return new HubProblem("%s is gated: sign in and accept its conditions at %s; %s%s"
                    .formatted(name, page, who, words(answer)));
        }
        return new HubProblem("%s: answer %d: there is no repository %s, or it is private or gated (%s); %s%s"
                .formatted(asked(answer), answer.statusCode(), name.repository(), page, who, words(answer)));
    }

    private HubProblem missing(HttpResponse<?> answer) {
        String what = switch (code(answer)) {
            case "RevisionNotFound" ->
                "%s has no branch, tag or commit '%s'".formatted(name.repository(), name.revision());
            case "EntryNotFound" -> "%s has no such file at '%s'".formatted(name.repository(), name.revision());
            default ->
                "there is no repository '%s' with a revision '%s' on %s"
                        .formatted(name.repository(), name.revision(), settings.endpoint());
        };
        return new HubProblem("%s; asked for %s; look for the right name at %s/models"
                .formatted(what, answer.request().uri(), settings.endpoint()));
    }

    private String asked(HttpResponse<?> answer) {
        var address = answer.request().uri();
        return "%s: %s://%s%s".formatted(name, address.getScheme(), address.getAuthority(), address.getPath());
    }

    private static String code(HttpResponse<?> answer) {
        return answer.headers().firstValue("X-Error-Code").orElse("");
    }

    /** What the server says in its own words. */
    private static String words(HttpResponse<?> answer) {
        String words = answer.headers().firstValue("X-Error-Message").orElse("").strip();
        return words.isEmpty()
                ? ""
                : "; the server says: " + words.substring(0, Math.min(words.length(), LONGEST_WORDS));
    }
}
