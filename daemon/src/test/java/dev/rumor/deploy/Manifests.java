package dev.rumor.deploy;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/// The files of `deploy/kubernetes`, read by the model of Kubernetes that fabric8 has generated from its schemas.
final class Manifests {

    private static final Path DIRECTORY = Tool.CHECKOUT.resolve("deploy/kubernetes");
    private static final KubernetesSerialization MODEL = new KubernetesSerialization();
    private static final List<HasMetadata> ALL = files().stream()
            .flatMap(each -> Stream.of(Tool.file("deploy/kubernetes/" + each).split("(?m)^---$")))
            .map(Manifests::parse)
            .toList();

    private Manifests() {}

    /// Their names, without that of the one that only lists others.
    static List<String> files() {
        try (Stream<Path> files = Files.list(DIRECTORY)) {
            return files.map(each -> each.getFileName().toString())
                    .filter(each -> !each.equals("kustomization.yaml"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<HasMetadata> all() {
        return ALL;
    }

    static <T extends HasMetadata> List<T> all(Class<T> kind) {
        return all().stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    static <T extends HasMetadata> T one(Class<T> kind) {
        return all(kind).getFirst();
    }

    static HasMetadata parse(String document) {
        return MODEL.unmarshal(document);
    }

    /// The model keeps what it does not know, to write it again; where it does, somebody has misspelt something.
    static List<String> unknownFields(HasMetadata object) {
        List<String> unknown = new ArrayList<>();
        collect(object.getKind(), object, unknown);
        return unknown;
    }

    private static void collect(String path, Object value, List<String> unknown) {
        if (value instanceof List<?> list) {
            for (int k = 0; k < list.size(); k++) {
                collect(path + "[" + k + "]", list.get(k), unknown);
            }
        } else if (value != null && value.getClass().getName().startsWith("io.fabric8.")) {
            for (Method getter : value.getClass().getMethods()) {
                if (getter.getName().matches("get[A-Z].*") && getter.getParameterCount() == 0) {
                    collect(path, getter.getName().substring(3), get(getter, value), unknown);
                }
            }
        }
    }

    private static void collect(String path, String name, Object value, List<String> unknown) {
        if (name.equals("AdditionalProperties")) {
            ((Map<?, ?>) value).keySet().forEach(each -> unknown.add(path + "." + each));
        } else {
            collect(path + "." + name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1), value, unknown);
        }
    }

    private static Object get(Method getter, Object of) {
        try {
            return getter.invoke(of);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
