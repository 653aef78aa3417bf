package dev.rumor.client.cli;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/// A command line that is wrong, in words of ours: what was not understood, and what there is.
public final class Mistake {

    /// A word with more slips than this, or in more than a third of its letters, is another word.
    private static final int MOST_SLIPS = 2;

    static String sentence(ParameterException mistake) {
        CommandLine command = mistake.getCommandLine();
        ArgSpec argument = mistake.getArgSpec();
        if (mistake instanceof UnmatchedArgumentException unmatched) {
            return unmatched(command, unmatched.getUnmatched().getFirst());
        } else if (mistake instanceof MissingParameterException missing) {
            ArgSpec lacking = missing.getMissing().getFirst();
            return lacking.isOption()
                    ? name(lacking) + " needs a value: " + lacking.paramLabel()
                    : command.getCommandName() + " needs " + lacking.paramLabel();
        } else if (mistake instanceof OverwrittenOptionException twice) {
            return name(twice.getOverwritten()) + " is given more than once";
        } else if (argument != null && argument.arity().max() == 0) {
            return name(argument) + " takes no value";
        } else if (argument != null && mistake.getCause() instanceof TypeConversionException wrong) {
            return name(argument) + ": " + wrong.getMessage();
        } else if (command.getSubcommands().containsKey("help") && mistake.getValue() != null) {
            return noCommand(mistake.getValue(), command);
        }
        return mistake.getMessage();
    }

    /// The likely meaning of a word that is misspelt, as the end of a sentence that refuses it; empty if nothing
    /// is near.
    public static String meant(String word, Collection<String> known) {
        return known.stream()
                .min(Comparator.comparingInt(each -> slips(word, each)))
                .filter(nearest -> slips(word, nearest) <= Math.min(MOST_SLIPS, nearest.length() / 3))
                .map(nearest -> ": did you mean " + nearest + "?")
                .orElse("");
    }

    private static String unmatched(CommandLine command, String word) {
        String name = command.getCommandName();
        String taken = command.getCommandSpec().positionalParameters().stream()
                .map(ArgSpec::paramLabel)
                .findFirst()
                .orElse("");
        boolean takesText = taken.equals("TEXT");
        if (word.startsWith("-")) {
            String meant = meant(word, command.getCommandSpec().optionsMap().keySet());
            String instead = takesText ? ": put -- before a text that begins with a dash" : "";
            return name + " has no option " + word + (meant.isEmpty() ? instead : meant);
        } else if (!command.getSubcommands().isEmpty()) {
            return noCommand(word, command);
        } else if (taken.isEmpty()) {
            return name + " takes options only, not '" + word + "'";
        }
        String instead = takesText ? ": put a text with spaces in quotes" : "";
        return name + " takes one " + (takesText ? "text" : taken) + ", and '" + word + "' is one more" + instead;
    }

    private static String noCommand(String word, CommandLine command) {
        List<String> commands = command.getSubcommands().entrySet().stream()
                .filter(each -> !each.getValue().getCommandSpec().usageMessage().hidden())
                .map(Map.Entry::getKey)
                .toList();
        String meant = meant(word, commands);
        return "there is no command '" + word + "'"
                + (meant.isEmpty() ? ", only " + String.join(", ", commands) : meant);
    }

    private static String name(ArgSpec argument) {
        return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
    }

    /// The least number of letters to insert, remove or replace that turns one word into the other (Levenshtein).
    private static int slips(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int k = 0; k < row.length; k++) {
            row[k] = k;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int k = 1; k < row.length; k++) {
                int replaced = diagonal + (from.charAt(i - 1) == to.charAt(k - 1) ? 0 : 1);
                diagonal = row[k];
                row[k] = Math.min(replaced, 1 + Math.min(row[k], row[k - 1]));
            }
        }
        return row[to.length()];
    }

    private Mistake() {}
}
