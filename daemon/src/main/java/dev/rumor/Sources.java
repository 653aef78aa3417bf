package dev.rumor;

import dev.rumor.client.cli.Mistake;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Where settings come from: the command line, before the environment, before a file. A setting that nobody
/// knows is an error wherever it stands, because it is most likely a known one with a slip.
///
/// All errors are [IllegalArgumentException]s with one sentence that names the source.
final class Sources {

    static final String CONFIG_VARIABLE = "RUMOR_CONFIG";

    /// Variables of ours that are no settings of a node.
    private static final Set<String> OTHER_VARIABLES =
            Set.of(CONFIG_VARIABLE, "RUMOR_NODE", "RUMOR_JAVA_OPTS", "RUMOR_IMAGE");

    /// Kubernetes and Docker describe a service called `rumor`, or `rumor-client`, to every container with variables of
    /// this form.
    private static final Pattern SERVICE_LINK = Pattern.compile("RUMOR_(\\w+_)?"
            + "(SERVICE_HOST=.*|SERVICE_PORT(_\\w+)?=\\d*|PORT=\\w+://.*|PORT_\\d+_(TCP|UDP|SCTP)(_\\w+)?=.*)");

    /// One source, and how it calls a setting.
    private record Source(Map<Setting, String> values, Function<Setting, String> call) {}

    private final Set<Setting> settings;
    private final Map<Setting, String> otherNames;
    private final List<Source> sources = new ArrayList<>();
    private Map<String, String> variables = System.getenv();

    /// Of the settings of a node.
    Sources() {
        this(Setting.OF_NODE, Map.of());
    }

    /// @param otherNames what some of the settings are called in the environment besides; ours come before
    Sources(Set<Setting> settings, Map<Setting, String> otherNames) {
        this.settings = settings;
        this.otherNames = otherNames;
    }

    Sources flags(Map<Setting, String> values) {
        sources.add(new Source(values, Setting::flag));
        return this;
    }

    /// @param all the variables there are, ours and those of others
    Sources environment(Map<String, String> all) {
        variables = all;
        Map<String, Setting> known = byName(Setting::variable);
        Map<Setting, String> values = new HashMap<>();
        all.forEach((name, value) -> {
            if (known.containsKey(name)) {
                values.put(known.get(name), value);
            } else if (name.startsWith("RUMOR_")
                    && !OTHER_VARIABLES.contains(name)
                    && !SERVICE_LINK.matcher(name + "=" + value).matches()) {
                throw new IllegalArgumentException(
                        name + " in the environment is no setting" + Mistake.meant(name, variables(known.keySet())));
            }
        });
        sources.add(new Source(values, Setting::variable));
        Map<Setting, String> others = new HashMap<>();
        otherNames.forEach((setting, name) -> {
            if (all.containsKey(name)) {
                others.put(setting, all.get(name));
            }
        });
        sources.add(new Source(others, otherNames::get));
        return this;
    }

    Sources file(Path file) {
        Properties properties = new Properties();
        String name = file.toAbsolutePath().toString();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            properties.load(reader);
        } catch (NoSuchFileException missing) {
            throw new IllegalArgumentException("cannot read " + name + ": there is no such file");
        } catch (AccessDeniedException denied) {
            throw new IllegalArgumentException("cannot read " + name + ": this user may not");
        } catch (CharacterCodingException notText) {
            throw new IllegalArgumentException("cannot read " + name + ": it is not text in UTF-8");
        } catch (IOException | IllegalArgumentException unreadable) {
            throw new IllegalArgumentException("cannot read " + name + ": " + unreadable.getMessage());
        }
        Map<String, String> values = new HashMap<>();
        properties.stringPropertyNames().forEach(key -> values.put(key, properties.getProperty(key)));
        return keys(values, " in " + file);
    }

    Sources keys(Map<String, String> given, String where) {
        Map<String, Setting> known = byName(Setting::key);
        Map<Setting, String> values = new HashMap<>();
        given.forEach((key, value) -> {
            if (!known.containsKey(key)) {
                throw new IllegalArgumentException(key + where + " is no setting" + Mistake.meant(key, known.keySet()));
            }
            values.put(known.get(key), value);
        });
        sources.add(new Source(values, setting -> setting.key() + where));
        return this;
    }

    /// The value in the first source that has one, understood by `parse`; what that throws is told with the
    /// source.
    <T> T get(Setting setting, Function<String, T> parse, T otherwise) {
        for (Source source : sources) {
            String value = source.values.get(setting);
            if (value != null) {
                try {
                    return parse.apply(value.strip());
                } catch (IllegalArgumentException wrong) {
                    throw new IllegalArgumentException(source.call.apply(setting) + ": " + wrong.getMessage());
                }
            }
        }
        return otherwise;
    }

    /// Which of the sources says it first, counted from 0; as many as there are if none does.
    int rank(Setting setting) {
        int rank = 0;
        while (rank < sources.size() && !sources.get(rank).values.containsKey(setting)) {
            rank++;
        }
        return rank;
    }

    /// Where this user, or this service, has data kept that is to last.
    Path stateDirectory() {
        return StateDirectory.in(variables);
    }

    private static Set<String> variables(Set<String> settings) {
        Set<String> all = new TreeSet<>(settings);
        all.addAll(OTHER_VARIABLES);
        return all;
    }

    private Map<String, Setting> byName(Function<Setting, String> name) {
        return settings.stream().collect(Collectors.toMap(name, each -> each));
    }
}
