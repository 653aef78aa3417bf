package dev.rumor;

import java.nio.file.Path;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/// The settings of a node as options of a command.
final class SettingOptions {

    private static final String CONFIG = "--config";

    private SettingOptions() {}

    /// A command with one option for each of these settings, and with the file that may hold them.
    static CommandLine line(Object command, Collection<Setting> settings) {
        CommandSpec spec = CommandSpec.forAnnotatedObject(command);
        for (Setting each : settings) {
            spec.addOption(each.option());
        }
        spec.addOption(OptionSpec.builder(CONFIG)
                .type(Path.class)
                .paramLabel("FILE")
                .description("A properties file with the same settings by the same names, as in fanout=3.")
                .build());
        return new CommandLine(spec);
    }

    /// A user's mistake. A class that throws it by another name than picocli's is checked at the start of the JVM
    /// without the parser being loaded, which takes longer than the rest of a small node.
    static RuntimeException mistake(CommandSpec spec, String why) {
        return new ParameterException(spec.commandLine(), why);
    }

    /// What was said about the settings on this command line, in the environment and in the file.
    ///
    /// @param none knows the settings, and holds nothing yet
    /// @param fixed what the command itself decides, whatever was said
    /// @throws IllegalArgumentException if a source holds what is no setting
    static Sources sources(
            Sources none, CommandSpec spec, Map<String, String> environment, Map<Setting, String> fixed) {
        Map<Setting, String> flags = new EnumMap<>(Setting.class);
        for (Setting each : Setting.values()) {
            Object value = spec.commandLine().getParseResult().matchedOptionValue(each.flag(), null);
            if (value != null) {
                flags.put(each, value.toString());
            }
        }
        flags.putAll(fixed);
        Path file = spec.commandLine().getParseResult().matchedOptionValue(CONFIG, null);
        if (file == null && environment.containsKey(Sources.CONFIG_VARIABLE)) {
            file = Path.of(environment.get(Sources.CONFIG_VARIABLE));
        }
        Sources sources = none.flags(flags).environment(environment);
        return file == null ? sources : sources.file(file);
    }
}
