package dev.rumor.http;

import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// What stands where on a port, and who is let in.
final class Site {

    static final Site EMPTY = new Site(List.of(), Set.of());

    private static final int LONGEST_SHOWN = 80;

    private final List<Place> places;
    private final Doorkeeper door;

    /// @param names other host names under which it may be asked, in lower case
    Site(Collection<Place> places, Set<String> names) {
        this.places = List.copyOf(places);
        this.door = new Doorkeeper(names);
    }

    /// The start of a request, found in order.
    ///
    /// @param question all but the body
    record Visit(Place place, Question question) {}

    /// @throws Refusal with a sentence that says what there is instead
    Visit visit(HttpRequest request) {
        try {
            QueryStringDecoder asked = new QueryStringDecoder(request.uri());
            Map.Entry<Place, List<String>> found = find(request.method(), asked.path());
            Place place = found.getKey();
            if (!place.plain()) {
                door.objection(request.headers(), place.writes()).ifPresent(refusal -> {
                    throw refusal;
                });
            }
            bound(request, place);
            Map<String, String> headers = new HashMap<>();
            request.headers()
                    .forEach(each -> headers.putIfAbsent(each.getKey().toLowerCase(Locale.ROOT), each.getValue()));
            return new Visit(place, new Question(found.getValue(), parameters(place, asked), headers, new byte[0]));
        } catch (IllegalArgumentException wrong) {
            throw Refusal.of(HttpResponseStatus.BAD_REQUEST, "the path is not encoded as it should be");
        }
    }

    private Map.Entry<Place, List<String>> find(HttpMethod method, String path) {
        List<String> segments = Place.segments(path);
        Set<String> methods = new TreeSet<>();
        for (Place each : places) {
            Optional<List<String>> names = each.names(segments);
            if (names.isPresent() && each.takes(method.name())) {
                return Map.entry(each, names.get());
            }
            names.ifPresent(any -> methods.add(each.method()));
        }
        if (methods.isEmpty()) {
            throw Refusal.of(HttpResponseStatus.NOT_FOUND, "there is no " + shown(path) + " here; there is " + all());
        }
        if (methods.contains("GET")) {
            methods.add("HEAD");
        }
        throw new Refusal(
                HttpResponseStatus.METHOD_NOT_ALLOWED.code(),
                "only " + String.join(" and ", methods) + " may be asked of " + shown(path),
                Map.of("allow", String.join(", ", methods)));
    }

    private String all() {
        return places.stream().map(Place::toString).distinct().sorted().collect(Collectors.joining(", "));
    }

    private static String shown(String text) {
        String shown = text.replaceAll("[^ -~]", "?");
        return shown.substring(0, Math.min(shown.length(), LONGEST_SHOWN));
    }

    private static void bound(HttpRequest request, Place place) {
        long said = HttpUtil.getContentLength(request, 0L);
        if (place.mostBodyBytes() == 0 && (said != 0 || HttpUtil.isTransferEncodingChunked(request))) {
            throw Refusal.of(HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE, "a request here has no body");
        } else if (said > place.mostBodyBytes()) {
            throw tooLarge(place);
        }
    }

    static Refusal tooLarge(Place place) {
        return Refusal.of(
                HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE,
                "a body here is at most " + place.mostBodyBytes() + " bytes");
    }

    private static Map<String, String> parameters(Place place, QueryStringDecoder asked) {
        Map<String, String> given = new HashMap<>();
        if (place.plain()) {
            return given;
        }
        asked.parameters().forEach((name, values) -> {
            if (!place.parameters().contains(name)) {
                String known = String.join(", ", new TreeSet<>(place.parameters()));
                throw Refusal.of(
                        HttpResponseStatus.BAD_REQUEST,
                        "there is no parameter '" + shown(name) + "' here"
                                + (known.isEmpty() ? "" : "; there is " + known));
            } else if (values.size() > 1) {
                throw Refusal.of(HttpResponseStatus.BAD_REQUEST, "the parameter '" + name + "' is given twice");
            }
            given.put(name, values.getFirst());
        });
        return given;
    }
}
