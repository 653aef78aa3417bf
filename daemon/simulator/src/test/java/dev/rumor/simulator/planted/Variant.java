package dev.rumor.simulator.planted;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/// The law with one mistake in it, and a simulator of its own around it: all of it is loaded once more, by a
/// loader that asks itself before it asks its parent.
final class Variant {

    private static final String OURS = "dev.rumor.";

    private final Map<String, byte[]> changed;
    private final Method play;

    /// @param law where the law's sources are
    Variant(Mistake mistake, Path law) throws IOException {
        Path file = law.resolve("dev/rumor/core").resolve(mistake.file());
        String source = Files.readString(file);
        int at = source.indexOf(mistake.right());
        if (at < 0 || source.indexOf(mistake.right(), at + 1) >= 0) {
            throw new IllegalStateException("'" + mistake.right() + "' stands not once in " + file
                    + ": the law has changed, and the mistake '" + mistake.trap() + "' must be planted anew");
        }
        this.changed = compile(file, source.replace(mistake.right(), mistake.wrong()));
        try {
            this.play =
                    new Loader().loadClass("dev.rumor.simulator.swarm.Swarm").getMethod("verdict", long.class);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /// What the seed finds, null if nothing.
    String verdict(long seed) {
        try {
            return (String) play.invoke(null, seed);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, byte[]> compile(Path file, String source) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter complaints = new StringWriter();
        Map<String, ByteArrayOutputStream> classes = new HashMap<>();
        try (StandardJavaFileManager standard = compiler.getStandardFileManager(null, null, null);
                JavaFileManager memory = new ForwardingJavaFileManager<>(standard) {
                    @Override
                    public JavaFileObject getJavaFileForOutput(
                            Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
                        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                        classes.put(name, bytes);
                        return new SimpleJavaFileObject(URI.create("memory:///" + name), kind) {
                            @Override
                            public OutputStream openOutputStream() {
                                return bytes;
                            }
                        };
                    }
                }) {
            JavaFileObject text = new SimpleJavaFileObject(file.toUri(), JavaFileObject.Kind.SOURCE) {
                @Override
                public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                    return source;
                }
            };
            boolean compiles = compiler.getTask(complaints, memory, null, List.of("-nowarn"), null, List.of(text))
                    .call();
            if (!compiles) {
                throw new IllegalStateException("the mistake does not compile: " + complaints);
            }
        }
        Map<String, byte[]> bytes = new HashMap<>();
        classes.forEach((name, each) -> bytes.put(name, each.toByteArray()));
        return bytes;
    }

    private final class Loader extends ClassLoader {
        private Loader() {
            super(Variant.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith(OURS)) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> known = findLoadedClass(name);
                if (known != null) {
                    return known;
                }
                byte[] bytes = changed.containsKey(name) ? changed.get(name) : bytes(name);
                return defineClass(name, bytes, 0, bytes.length);
            }
        }

        private byte[] bytes(String name) throws ClassNotFoundException {
            try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                if (in == null) {
                    throw new ClassNotFoundException(name);
                }
                return in.readAllBytes();
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }
}
