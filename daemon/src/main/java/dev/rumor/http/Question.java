package dev.rumor.http;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One request, whole.
///
/// @param names what stood in the path for each `*` of its place
/// @param parameters of the query, each once
/// @param headers by their names in lower case
/// @param body empty if there was none
public record Question(List<String> names, Map<String, String> parameters, Map<String, String> headers, byte[] body) {

    public Optional<String> parameter(String name) {
        return Optional.ofNullable(parameters.get(name));
    }

    /// @param name in lower case
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }
}
