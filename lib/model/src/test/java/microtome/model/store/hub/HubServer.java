package microtome.model.store.hub;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** A hub on this machine: one port answers as the hub, another as the store that it keeps large files in. */
final class HubServer implements AutoCloseable {
    private static final int PAGE = 3; // files in a page of a listing, so that listings have several

    private final HttpServer hub;
    private final HttpServer store;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, Commit> revisions = new ConcurrentHashMap<>();
    private final Map<String, Fault> faults = new ConcurrentHashMap<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private volatile boolean ranges = true;

    /** What was asked: of the hub or the store, for which path, with which headers. */
    record Request(boolean atHub, String path, String range, String authorization) {}

    record Commit(String id, Map<String, byte[]> files) {}

    /** Answers instead of the server, or returns false to let it answer. */
    interface Fault {
        boolean answers(HttpExchange exchange, byte[] content) throws IOException;
    }

    HubServer() throws IOException {
        hub = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        store = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        for (HttpServer server : List.of(hub, store)) {
            server.setExecutor(threads);
            server.createContext("/", exchange -> answer(exchange, server == hub));
            server.start();
        }
    }

    String address() {
        return "http://%s:%d"
                .formatted(hub.getAddress().getHostString(), hub.getAddress().getPort());
    }

    private String storeAddress() {
        return "http://%s:%d"
                .formatted(
                        store.getAddress().getHostString(), store.getAddress().getPort());
    }

    /** Makes a commit of these files of {@code org/name} and lets a revision be it. */
    Commit commit(String revision, Map<String, byte[]> files) {
        String id = hex("SHA-1", (revision + files.keySet() + System.nanoTime()).getBytes(StandardCharsets.UTF_8));
        Commit commit = new Commit(id, new TreeMap<>(files));
        revisions.put(revision, commit);
        revisions.put(id, commit);
        return commit;
    }

    /** Lets something else answer for a path of the hub, or for a file in the store. */
    void on(String path, Fault fault) {
        faults.put(path, fault);
    }

    /** The first so many answers for a path are this one. */
    void refuse(String path, int times, int status, String... headers) {
        var left = new AtomicInteger(times);
        on(path, (exchange, _) -> {
            if (left.getAndDecrement() <= 0) {
                return false;
            }
            for (int i = 0; i < headers.length; i += 2) {
                exchange.getResponseHeaders().add(headers[i], headers[i + 1]);
            }
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
            return true;
        });
    }

    void ignoreRanges() {
        ranges = false;
    }

    List<Request> requests() {
        return requests;
    }

    /** Requests for a file's bytes, those at the store. */
    List<Request> transfers(String file) {
        return requests.stream()
                .filter(request -> !request.atHub() && request.path().equals("/store/" + file))
                .toList();
    }

    private void answer(HttpExchange exchange, boolean atHub) throws IOException {
        String path = exchange.getRequestURI().getRawPath();
        requests.add(new Request(
                atHub,
                path,
                exchange.getRequestHeaders().getFirst("Range"),
                exchange.getRequestHeaders().getFirst("Authorization")));
        try (exchange) {
            if (faults.containsKey(path) && faults.get(path).answers(exchange, new byte[0])) {
                return;
            }
            if (atHub && path.startsWith("/api/models/org/name/revision/")) {
                revision(exchange, decoded(path, "/api/models/org/name/revision/"));
            } else if (atHub && path.startsWith("/api/models/org/name/tree/")) {
                tree(exchange, decoded(path, "/api/models/org/name/tree/"));
            } else if (atHub && path.startsWith("/org/name/resolve/")) {
                resolve(exchange, decoded(path, "/org/name/resolve/"));
            } else if (path.startsWith("/store/")) {
                String[] query = exchange.getRequestURI().getQuery().split("=");
                send(
                        exchange,
                        "store:" + decoded(path, "/store/"),
                        revisions.get(query[1]).files().get(decoded(path, "/store/")));
            } else {
                refuse(exchange, "RepoNotFound");
            }
        } catch (IOException cut) {
            // The client went away, or a fault cut it off.
        }
    }

    private static String decoded(String path, String prefix) {
        return URLDecoder.decode(path.substring(prefix.length()), StandardCharsets.UTF_8);
    }

    private static void refuse(HttpExchange exchange, String code) throws IOException {
        exchange.getResponseHeaders().add("X-Error-Code", code);
        exchange.sendResponseHeaders(404, -1);
    }

    private void revision(HttpExchange exchange, String revision) throws IOException {
        Commit commit = revisions.get(revision);
        if (commit == null) {
            refuse(exchange, "RevisionNotFound");
            return;
        }
        whole(
                exchange,
                "{\"id\":\"org/name\",\"sha\":\"%s\"}".formatted(commit.id()).getBytes(StandardCharsets.UTF_8));
    }

    private void tree(HttpExchange exchange, String revision) throws IOException {
        List<Map.Entry<String, byte[]>> files =
                new ArrayList<>(revisions.get(revision).files().entrySet());
        String query = exchange.getRequestURI().getQuery();
        int from = query.contains("cursor=") ? Integer.parseInt(query.replaceAll(".*cursor=", "")) : 0;
        int to = Math.min(files.size(), from + PAGE);
        if (to < files.size()) {
            exchange.getResponseHeaders()
                    .add(
                            "Link",
                            "<%s%s?recursive=true&cursor=%d>; rel=\"next\""
                                    .formatted(
                                            address(), exchange.getRequestURI().getRawPath(), to));
        }
        String entries = files.subList(from, to).stream().map(HubServer::entry).collect(Collectors.joining(","));
        whole(
                exchange,
                "[{\"type\":\"directory\",\"path\":\"onnx\",\"oid\":\"\"}%s%s]"
                        .formatted(entries.isEmpty() ? "" : ",", entries)
                        .getBytes(StandardCharsets.UTF_8));
    }

    private static String entry(Map.Entry<String, byte[]> file) {
        String large = isLarge(file.getKey())
                ? ",\"lfs\":{\"oid\":\"%s\",\"size\":%d,\"pointerSize\":130}"
                        .formatted(sum(file.getKey(), file.getValue()), file.getValue().length)
                : "";
        return "{\"type\":\"file\",\"path\":\"%s\",\"oid\":\"%s\",\"size\":%d%s}"
                .formatted(file.getKey(), gitSum(file.getValue()), file.getValue().length, large);
    }

    static boolean isLarge(String path) {
        return path.endsWith(".safetensors") || path.endsWith(".gguf") || path.endsWith(".bin");
    }

    /** The sum that the hub knows a file by. */
    static String sum(String path, byte[] content) {
        return isLarge(path) ? hex("SHA-256", content) : gitSum(content);
    }

    private static String gitSum(byte[] content) {
        byte[] head = "blob %d\0".formatted(content.length).getBytes(StandardCharsets.US_ASCII);
        var all = new byte[head.length + content.length];
        System.arraycopy(head, 0, all, 0, head.length);
        System.arraycopy(content, 0, all, head.length, content.length);
        return hex("SHA-1", all);
    }

    private static String hex(String algorithm, byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(content));
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private void resolve(HttpExchange exchange, String revisionAndFile) throws IOException {
        String[] parts = revisionAndFile.split("/", 2);
        Commit commit = revisions.get(parts[0]);
        byte[] content = commit == null ? null : commit.files().get(parts[1]);
        if (content == null) {
            refuse(exchange, "EntryNotFound");
            return;
        }
        exchange.getResponseHeaders().add("X-Repo-Commit", commit.id());
        String sum = "\"" + sum(parts[1], content) + "\"";
        if (isLarge(parts[1])) {
            exchange.getResponseHeaders().add("X-Linked-Etag", sum);
            exchange.getResponseHeaders().add("X-Linked-Size", Integer.toString(content.length));
            exchange.getResponseHeaders()
                    .add("Location", "%s/store/%s?commit=%s".formatted(storeAddress(), parts[1], commit.id()));
            exchange.sendResponseHeaders(302, -1);
        } else {
            exchange.getResponseHeaders().add("ETag", sum);
            send(exchange, "hub:" + parts[1], content);
        }
    }

    private void send(HttpExchange exchange, String key, byte[] content) throws IOException {
        if (exchange.getRequestMethod().equals("HEAD")) { // as Python asks
            exchange.getResponseHeaders().add("Content-Length", Integer.toString(content.length));
            exchange.sendResponseHeaders(200, -1);
            return;
        }
        Fault fault = faults.get(key);
        if (fault != null && fault.answers(exchange, content)) {
            return;
        }
        String range = exchange.getRequestHeaders().getFirst("Range");
        if (range == null || !ranges) {
            whole(exchange, content);
            return;
        }
        String[] ends = range.substring("bytes=".length()).split("-");
        int from = Integer.parseInt(ends[0]);
        int to = Math.min(content.length, Integer.parseInt(ends[1]) + 1);
        head(exchange, content, from, to);
        exchange.getResponseBody().write(content, from, to - from);
    }

    private static void whole(HttpExchange exchange, byte[] content) throws IOException {
        exchange.sendResponseHeaders(200, content.length == 0 ? -1 : content.length);
        exchange.getResponseBody().write(content);
    }

    private static void head(HttpExchange exchange, byte[] content, int from, int to) throws IOException {
        exchange.getResponseHeaders().add("Content-Range", "bytes %d-%d/%d".formatted(from, to - 1, content.length));
        exchange.sendResponseHeaders(206, to - from);
    }

    /** Sends the first bytes of what was asked for and then nothing more; the caller cuts the connection or waits. */
    static void sendOnly(HttpExchange exchange, byte[] content, int count) throws IOException {
        String range = exchange.getRequestHeaders().getFirst("Range");
        int from = range == null ? 0 : Integer.parseInt(range.replaceAll("bytes=(\\d+)-.*", "$1"));
        int to = range == null ? content.length : Integer.parseInt(range.replaceAll(".*-", "")) + 1;
        if (range == null) {
            exchange.sendResponseHeaders(200, content.length);
        } else {
            head(exchange, content, from, to);
        }
        OutputStream body = exchange.getResponseBody();
        body.write(content, from, Math.min(count, to - from));
        body.flush();
    }

    @Override
    public void close() {
        hub.stop(0);
        store.stop(0);
        threads.shutdownNow();
    }

    /** Files of a small whole model, the weights of this many bytes that no two files share. */
    static Map<String, byte[]> model(int bytes) {
        var weights = new byte[bytes];
        new Random(bytes).nextBytes(weights);
        Map<String, byte[]> files = new HashMap<>();
        files.put("config.json", text("{\"model_type\":\"llama\"}"));
        files.put("tokenizer.json", text("{\"version\":\"1.0\"}"));
        files.put("model.safetensors", weights);
        files.put("README.md", text("# not needed"));
        files.put("pytorch_model.bin", text("a pickle"));
        files.put("onnx/model.onnx", text("not needed either"));
        return files;
    }

    static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
