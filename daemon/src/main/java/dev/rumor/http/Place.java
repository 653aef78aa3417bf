package dev.rumor.http;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A path with a method, and what stands there.
///
/// @param path its segments; `*` stands for any one
/// @param mostBodyBytes 0 for where no body is taken
/// @param parameters those that the query may have
/// @param plain whether it may be asked for under any host name, and with any parameters, as health checks and
///     scrapers do: there is nothing to be had that is worth a trick
/// @param writes whether asking changes anything
public record Place(
        String method,
        List<String> path,
        int mostBodyBytes,
        Set<String> parameters,
        boolean plain,
        boolean writes,
        Resource resource) {

    private static final String ANY = "*";

    /// @param parameters those that the query may have
    public static Place get(String path, Resource resource, String... parameters) {
        return new Place("GET", segments(path), 0, Set.of(parameters), false, false, resource);
    }

    /// Where the boring things stand.
    public static Place plain(String path, Resource resource) {
        return new Place("GET", segments(path), 0, Set.of(), true, false, resource);
    }

    public static Place write(String method, String path, int mostBodyBytes, Resource resource, String... parameters) {
        return new Place(method, segments(path), mostBodyBytes, Set.of(parameters), false, true, resource);
    }

    static List<String> segments(String path) {
        return Arrays.asList(path.split("/", -1));
    }

    /// What stands in this path for each `*`, if this is its place.
    Optional<List<String>> names(List<String> segments) {
        if (segments.size() != path.size()) {
            return Optional.empty();
        }
        List<String> names = new ArrayList<>();
        for (int k = 0; k < path.size(); k++) {
            if (path.get(k).equals(ANY)) {
                names.add(segments.get(k));
            } else if (!path.get(k).equals(segments.get(k))) {
                return Optional.empty();
            }
        }
        return Optional.of(names);
    }

    /// `HEAD` is served wherever `GET` is.
    boolean takes(String asked) {
        return method.equals(asked) || method.equals("GET") && asked.equals("HEAD");
    }

    @Override
    public String toString() {
        return String.join("/", path).replace(ANY, "…");
    }
}
