package dev.rumor.client.cli.text;

import java.util.Collection;

/// A JSON object being written, its fields in the order in which they are put. Only what JSON demands is
/// escaped.
public final class Json {

    private static final String HEX = "0123456789abcdef";

    private final StringBuilder fields = new StringBuilder();

    /// @param value a string, a number, a boolean, another object, a collection of any of these, or null
    public Json put(String name, Object value) {
        if (!fields.isEmpty()) {
            fields.append(',');
        }
        quote(fields, name);
        fields.append(':');
        append(fields, value);
        return this;
    }

    public static String array(Collection<?> values) {
        StringBuilder text = new StringBuilder();
        append(text, values);
        return text.toString();
    }

    private static void append(StringBuilder text, Object value) {
        switch (value) {
            case null -> text.append("null");
            case String string -> quote(text, string);
            case Number number -> text.append(number);
            case Boolean truth -> text.append(truth);
            case Json object -> text.append('{').append(object.fields).append('}');
            case Collection<?> values -> {
                String separator = "[";
                for (Object each : values) {
                    text.append(separator);
                    append(text, each);
                    separator = ",";
                }
                text.append(values.isEmpty() ? "[]" : "]");
            }
            default -> throw new IllegalArgumentException("JSON has no " + value.getClass());
        }
    }

    private static void quote(StringBuilder text, String string) {
        text.append('"');
        for (int k = 0; k < string.length(); k++) {
            char each = string.charAt(k);
            switch (each) {
                case '"', '\\' -> text.append('\\').append(each);
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                default -> {
                    if (each < ' ') {
                        text.append("\\u00").append(HEX.charAt(each >> 4)).append(HEX.charAt(each & 15));
                    } else {
                        text.append(each);
                    }
                }
            }
        }
        text.append('"');
    }

    @Override
    public String toString() {
        return "{" + fields + "}";
    }
}
