package dev.rumor.containers;

import java.util.Optional;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/// The image of this build, as its Dockerfile makes it on `RUNTIME_IMAGE` of the environment (or on what the
/// Dockerfile says). Built once for all tests, and removed after the last.
record Image(String name) implements AutoCloseable {

    static final Optional<String> RUNTIME = Optional.ofNullable(System.getenv("RUNTIME_IMAGE"));

    private static final ExtensionContext.Namespace HERE = ExtensionContext.Namespace.create(Image.class);

    private static Image build() {
        Image image = new Image("rumor-it:" + ProcessHandle.current().pid());
        long start = System.nanoTime();
        RUNTIME.ifPresentOrElse(
                runtime -> Docker.run("build", "-t", image.name, "--build-arg", "RUNTIME_IMAGE=" + runtime, "."),
                () -> Docker.run("build", "-t", image.name, "."));
        System.out.printf("image built in %d ms%n", (System.nanoTime() - start) / 1_000_000);
        return image;
    }

    /// Of what `docker image inspect` tells, the field of this template.
    String inspect(String template) {
        return Docker.run("image", "inspect", "--format", template, name);
    }

    @Override
    public void close() {
        Docker.run("rmi", name);
    }

    /// Gives the image to whoever asks for it.
    static final class Built implements ParameterResolver {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == Image.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return context.getRoot().getStore(HERE).computeIfAbsent(Image.class, none -> build(), Image.class);
        }
    }
}
