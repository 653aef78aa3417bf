package dev.rumor.client;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The name of one record, printed `web-1/m4ks9f1q/42`.
///
/// @param origin the node where it was broadcast
/// @param epoch the start of that node's process, 1 or more; printed in base 36
/// @param sequence its number in that epoch, 1 to below 2^63 - 1
public record RecordId(String origin, long epoch, long sequence) {

    private static final Pattern FORM =
            Pattern.compile("([A-Za-z0-9._-]{1,64})/([1-9a-z][0-9a-z]{0,12})/([1-9][0-9]{0,18})");

    /// Reads what [#toString] writes.
    ///
    /// @throws IllegalArgumentException with a sentence that names the form
    public static RecordId parse(String text) {
        try {
            Matcher form = FORM.matcher(text);
            if (form.matches()) {
                long epoch = Long.parseLong(form.group(2), Character.MAX_RADIX);
                long sequence = Long.parseLong(form.group(3));
                if (sequence < Long.MAX_VALUE) {
                    return new RecordId(form.group(1), epoch, sequence);
                }
            }
        } catch (NumberFormatException tooLarge) {
            // Of the right form, and still no record's.
        }
        throw new IllegalArgumentException(
                "'" + text + "' is no record id: give it as it was printed, as web-1/m4ks9f1q/42");
    }

    @Override
    public String toString() {
        return origin + "/" + Long.toString(epoch, Character.MAX_RADIX) + "/" + sequence;
    }
}
