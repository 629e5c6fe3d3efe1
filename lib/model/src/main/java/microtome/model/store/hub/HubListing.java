package microtome.model.store.hub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** All files of a repository at one commit, with sizes and sums. */
record HubListing(String commit, SortedMap<String, HubFile> files) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern NEXT = Pattern.compile("<([^>]+)>\\s*;\\s*rel=\"?next\"?");
    private static final int MOST_PAGES = 1000;

    HubListing {
        if (!HubCache.isCommit(commit)) {
            throw new HubProblem("the hub answered with '%s' instead of a commit".formatted(commit));
        }
        files = Collections.unmodifiableSortedMap(files);
    }

    Optional<HubFile> file(String path) {
        return Optional.ofNullable(files.get(path));
    }

    /** Asks which commit the revision is now, then for that commit's files. */
    static HubListing ask(HubClient client, HubName name, Pace pace) throws InterruptedException {
        String models = "/api/models/" + name.repository();
        try {
            String commit = json(client, client.address(models + "/revision", name.revision()), name, pace)
                    .content()
                    .path("sha")
                    .asText();
            SortedMap<String, HubFile> files = new TreeMap<>();
            Optional<URI> next = Optional.of(URI.create(client.address(models + "/tree", commit) + "?recursive=true"));
            for (int page = 0; next.isPresent() && page < MOST_PAGES; page++) {
                Page got = json(client, next.get(), name, pace);
                got.content().forEach(entry -> add(files, entry));
                next = got.next();
            }
            return new HubListing(commit, files);
        } catch (IOException failure) {
            throw new HubProblem.Unreachable(
                    "%s: %s cannot be asked: %s; check the network and HF_ENDPOINT; models that are in the cache load without it"
                            .formatted(name, client.settings().endpoint(), Failures.text(failure)),
                    failure);
        }
    }

    private record Page(JsonNode content, Optional<URI> next) {}

    private static Page json(HubClient client, URI address, HubName name, Pace pace)
            throws IOException, InterruptedException {
        var answer =
                Retry.ofQuestion(pace).until(() -> client.page(address, name)).response();
        Optional<URI> next = answer.headers()
                .firstValue("Link")
                .map(NEXT::matcher)
                .filter(Matcher::find)
                .map(link -> address.resolve(link.group(1)));
        try {
            return new Page(JSON.readTree(answer.body()), next);
        } catch (IOException malformed) {
            throw new HubProblem("%s: the answer is not JSON; does HF_ENDPOINT name a hub?".formatted(address));
        }
    }

    private static void add(SortedMap<String, HubFile> files, JsonNode entry) {
        if (!entry.path("type").asText().equals("file")) {
            return;
        }
        JsonNode large = entry.path("lfs");
        JsonNode source = large.isObject() ? large : entry;
        String path = entry.path("path").asText();
        if (!SafePath.isSafe(path) && SafePath.isSafe(path.replace(':', '-'))) {
            return; // harmless, but no name for a file on every system, and no name that a model needs
        }
        String sum = source.path("oid").asText();
        if (!Checksum.isOne(sum)) {
            throw new HubProblem(
                    "the hub lists %s with the sum '%s', which is no SHA-1 or SHA-256".formatted(path, sum));
        }
        files.put(path, new HubFile(path, source.path("size").asLong(-1), new Checksum(sum)));
    }
}
