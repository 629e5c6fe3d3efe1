package microtome.model.store.hub;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks the hub over HTTP. Follows redirects itself, because the token may go to the hub's own address and nowhere else,
 * and because the sum of a large file stands only in the hub's redirect, not in the answer of the store behind it.
 */
final class HubClient implements AutoCloseable {
    private static final int LONGEST_TRAIL = 8;
    private static final int LARGEST_PAGE = 64 << 20;
    private static final Set<Integer> MOVED = Set.of(301, 302, 303, 307, 308);

    private final HubSettings settings;
    private final Pace pace;
    private final HttpClient http;

    HubClient(HubSettings settings, Pace pace) {
        this.settings = settings;
        this.pace = pace;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1) // one connection per part: HTTP/2 would send all through one
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(pace.patience())
                .build();
    }

    /** An answer, and the sum of the file that it belongs to where the hub said one. */
    record Answer<T>(HttpResponse<T> response, Optional<Checksum> checksum) {
        int status() {
            return response.statusCode();
        }
    }

    /** An address of the hub: the endpoint, then these parts, each of them encoded. */
    URI address(String prefix, String... parts) {
        var path = new StringBuilder(settings.endpoint() + prefix);
        for (String part : parts) {
            path.append('/')
                    .append(URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20"));
        }
        return URI.create(path.toString());
    }

    HubSettings settings() {
        return settings;
    }

    /** A page of JSON; throws as {@link Refusals#check} does. */
    Answer<byte[]> page(URI address, HubName name) throws IOException, InterruptedException {
        Answer<byte[]> answer =
                follow(address, Optional.empty(), BodyHandlers.limiting(BodyHandlers.ofByteArray(), LARGEST_PAGE));
        new Refusals(settings, pace, name).check(answer.response());
        return answer;
    }

    /** The bytes of a file, or a range of them such as {@code bytes=0-99}; the caller closes the stream. */
    Answer<InputStream> open(URI address, Optional<String> range, HubName name)
            throws IOException, InterruptedException {
        Answer<InputStream> answer = follow(address, range, BodyHandlers.ofInputStream());
        try {
            new Refusals(settings, pace, name).check(answer.response());
            return answer;
        } catch (IOException | RuntimeException refused) {
            answer.response().body().close();
            throw refused;
        }
    }

    private <T> Answer<T> follow(URI address, Optional<String> range, BodyHandler<T> handler)
            throws IOException, InterruptedException {
        Optional<Checksum> checksum = Optional.empty();
        URI at = address;
        for (int step = 0; step < LONGEST_TRAIL; step++) {
            HttpResponse<T> response = exchange(request(at, range), handler);
            if (isHub(at) && checksum.isEmpty()) {
                checksum = checksum(response);
            }
            if (!MOVED.contains(response.statusCode())) {
                return new Answer<>(response, checksum);
            }
            at = redirected(at, response);
        }
        throw new HubProblem("%s leads from redirect to redirect, more than %d of them; check HF_ENDPOINT"
                .formatted(address, LONGEST_TRAIL));
    }

    private HttpRequest request(URI address, Optional<String> range) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address)
                .header("User-Agent", "microtome")
                .header("Accept-Encoding", "identity"); // sizes and ranges of the file, not of its compressed form
        range.ifPresent(bytes -> request.header("Range", bytes));
        settings.token()
                .filter(_ -> isHub(address))
                .ifPresent(token -> request.header("Authorization", "Bearer " + token));
        return request.build();
    }

    /** Whether this is the hub's own address, by scheme, host and port: the only one that may see the token. */
    private boolean isHub(URI address) {
        URI hub = settings.endpoint();
        return hub.getScheme().equals(address.getScheme())
                && hub.getHost().equalsIgnoreCase(address.getHost())
                && port(hub) == port(address);
    }

    private static int port(URI address) {
        int usual = "https".equals(address.getScheme()) ? 443 : 80;
        return address.getPort() < 0 ? usual : address.getPort();
    }

    /** Limits the time until the answer begins. A request's own timeout ends long bodies too, in some versions of the JDK. */
    private <T> HttpResponse<T> exchange(HttpRequest request, BodyHandler<T> handler)
            throws IOException, InterruptedException {
        BodyHandler<T> unlessMoved =
                answer -> MOVED.contains(answer.statusCode()) ? BodySubscribers.replacing(null) : handler.apply(answer);
        CompletableFuture<HttpResponse<T>> sent = http.sendAsync(request, unlessMoved);
        try {
            return sent.get(pace.patience().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException slow) {
            throw new HttpTimeoutException(
                    "no answer in %d s".formatted(pace.patience().toSeconds()));
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof IOException cause ? cause : new IOException(failed.getCause());
        } finally {
            if (!sent.isDone()) {
                sent.cancel(true);
            }
        }
    }

    private static Optional<Checksum> checksum(HttpResponse<?> response) {
        return response.headers()
                .firstValue("X-Linked-Etag")
                .or(() -> response.headers().firstValue("ETag"))
                .map(tag -> tag.replaceFirst("^W/", "").replace("\"", "").toLowerCase(Locale.ROOT))
                .filter(Checksum::isOne)
                .map(Checksum::new);
    }

    private static URI redirected(URI from, HttpResponse<?> response) {
        String location = response.headers().firstValue("Location").orElse("");
        URI to;
        try {
            to = from.resolve(encoded(location));
        } catch (IllegalArgumentException malformed) {
            throw new HubProblem("%s leads to '%s', which is no address".formatted(from, location));
        }
        boolean safe = "https".equals(to.getScheme()) || from.getScheme().equals(to.getScheme());
        if (location.isEmpty() || !safe || to.getHost() == null) {
            throw new HubProblem("%s leads to '%s': only https is followed (http from http)".formatted(from, location));
        }
        return to;
    }

    /** Signed addresses may contain letters that {@link URI} does not take as they are. */
    private static String encoded(String location) {
        var result = new StringBuilder();
        location.codePoints().forEach(letter -> {
            boolean plain = letter > ' ' && letter < 127 && "\"<>\\^`{|}".indexOf(letter) < 0;
            String text = Character.toString(letter);
            result.append(
                    plain
                            ? text
                            : URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20"));
        });
        return result.toString();
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
