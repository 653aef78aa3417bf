package dev.rumor;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// The description of the HTTP interface, held against what is answered.
final class OpenApi {

    private static final String PLACE = "https://rumor.test/openapi.json";
    private static final String JSON = "application/json";
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final JsonNode description;
    private final SchemaRegistry schemas;

    /// What was checked, as in `GET /v1/status 200`.
    private final Set<String> checked = new TreeSet<>();

    OpenApi(String yaml) {
        description = new YAMLMapper().readTree(yaml);
        String json = description.toString();
        schemas = SchemaRegistry.withDefaultDialect(
                SpecificationVersion.DRAFT_2020_12, builder -> builder.schemas(Map.of(PLACE, json)));
    }

    /// Each path with its method, as in `GET /v1/status`.
    Set<String> operations() {
        Set<String> operations = new TreeSet<>();
        description
                .get("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .propertyNames()
                        .forEach(method -> operations.add(method.toUpperCase() + " " + path.getKey())));
        return operations;
    }

    Set<String> checked() {
        return checked;
    }

    /// The parameters that a query may have.
    Set<String> queryOf(String path) {
        Set<String> names = new TreeSet<>();
        for (JsonNode each : description.get("paths").get(path).get("get").path("parameters")) {
            JsonNode parameter = resolved(each);
            if (parameter.get("in").asString().equals("query")) {
                names.add(parameter.get("name").asString());
            }
        }
        return names;
    }

    /// Holds an answer against what is said of it: its status, the type and the form of its body, and its headers.
    void check(String method, String path, HttpResponse<?> answer, List<String> bodies) {
        String type = answer.headers().firstValue("content-type").orElseThrow();
        String at = pointer("paths", path, method.toLowerCase(), "responses", String.valueOf(answer.statusCode()));
        JsonNode response = description.at(at);
        assertThat(response.isMissingNode()).as("%s is described", at).isFalse();
        if (response.has("$ref")) {
            at = response.get("$ref").asString().substring(1);
            response = description.at(at);
        }
        response.path("headers")
                .propertyNames()
                .forEach(name ->
                        assertThat(answer.headers().firstValue(name)).as(name).isPresent());
        assertThat(response.path("content").propertyNames()).as(at).containsExactly(type);
        Schema schema = schemas.getSchema(SchemaLocation.of(PLACE + "#" + at + pointer("content", type, "schema")));
        boolean isJson = type.startsWith(JSON) || type.contains("json") || type.equals("text/event-stream");
        for (String body : bodies) {
            String value = isJson ? body : MAPPER.writeValueAsString(body);
            assertThat(schema.validate(value, InputFormat.JSON)).as(body).isEmpty();
        }
        checked.add(method + " " + path + " " + answer.statusCode());
    }

    private JsonNode resolved(JsonNode node) {
        return node.has("$ref") ? description.at(node.get("$ref").asString().substring(1)) : node;
    }

    private static String pointer(String... names) {
        StringBuilder pointer = new StringBuilder();
        for (String each : names) {
            pointer.append('/').append(each.replace("~", "~0").replace("/", "~1"));
        }
        return pointer.toString();
    }
}
