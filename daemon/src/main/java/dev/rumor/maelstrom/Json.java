package dev.rumor.maelstrom;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.rumor.wire.Malformed;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// A JSON value as it was written: numbers keep their text and are never taken for machine numbers, strings keep every
/// character, and objects the order of their fields.
sealed interface Json {

    /// Numbers, true, false and null, by their text; or any value that was written out before.
    record Raw(String text) implements Json {

        /// What begins like a number is one: it was read or written as JSON.
        boolean isInteger() {
            char first = text.charAt(0);
            boolean number = first == '-' || first >= '0' && first <= '9';
            return number && text.indexOf('.') < 0 && text.indexOf('e') < 0 && text.indexOf('E') < 0;
        }

        @Override
        public void write(JsonGenerator generator) throws IOException {
            generator.writeRawValue(text);
        }
    }

    record Text(String characters) implements Json {

        @Override
        public void write(JsonGenerator generator) throws IOException {
            generator.writeString(characters);
        }
    }

    record Array(List<Json> values) implements Json {

        @Override
        public void write(JsonGenerator generator) throws IOException {
            generator.writeStartArray();
            for (Json each : values) {
                each.write(generator);
            }
            generator.writeEndArray();
        }

        @Override
        public Json canonical() {
            return Json.of(values.stream().map(Json::canonical));
        }
    }

    /// Of fields with the same name the last counts.
    record Fields(Map<String, Json> values) implements Json {

        Fields() {
            this(new LinkedHashMap<>());
        }

        Fields put(String name, Json value) {
            values.put(name, value);
            return this;
        }

        Fields put(String name, String text) {
            return put(name, new Text(text));
        }

        Fields put(String name, long number) {
            return put(name, Json.of(number));
        }

        boolean has(String name) {
            return values.containsKey(name);
        }

        /// @throws Malformed if there is no such field
        Json get(String name) throws Malformed {
            Json value = values.get(name);
            if (value == null) {
                throw new Malformed("'" + name + "' is missing");
            }
            return value;
        }

        String text(String name) throws Malformed {
            return textOf("'" + name + "'", get(name));
        }

        BigInteger integer(String name) throws Malformed {
            return integerOf("'" + name + "'", get(name));
        }

        long number(String name) throws Malformed {
            return numberOf("'" + name + "'", get(name));
        }

        boolean truth(String name) throws Malformed {
            Json value = get(name);
            if (value == TRUE || value == FALSE) {
                return value == TRUE;
            }
            throw new Malformed("'" + name + "' is true or false");
        }

        List<Json> array(String name) throws Malformed {
            if (get(name) instanceof Array array) {
                return array.values;
            }
            throw new Malformed("'" + name + "' is an array");
        }

        @Override
        public void write(JsonGenerator generator) throws IOException {
            generator.writeStartObject();
            for (Map.Entry<String, Json> each : values.entrySet()) {
                generator.writeFieldName(each.getKey());
                each.getValue().write(generator);
            }
            generator.writeEndObject();
        }

        @Override
        public Json canonical() {
            TreeMap<String, Json> sorted = new TreeMap<>();
            values.forEach((name, value) -> sorted.put(name, value.canonical()));
            return new Fields(sorted);
        }
    }

    /// The only ones of their kind, as [#read] has them.
    Raw TRUE = new Raw("true");

    Raw FALSE = new Raw("false");

    /// What it says escapes only what is needed, and surrogates: alone they are no character and would be lost in
    /// UTF-8.
    JsonFactory FACTORY = new JsonFactoryBuilder()
            .highestNonEscapedChar(Character.MIN_SURROGATE - 1)
            .build();

    static Json of(long number) {
        return new Raw(Long.toString(number));
    }

    static Json of(boolean truth) {
        return truth ? TRUE : FALSE;
    }

    static Json of(Stream<Json> values) {
        return new Array(values.toList());
    }

    static String textOf(String what, Json value) throws Malformed {
        if (value instanceof Text text) {
            return text.characters;
        }
        throw new Malformed(what + " is a string");
    }

    static BigInteger integerOf(String what, Json value) throws Malformed {
        return new BigInteger(digitsOf(what, value));
    }

    private static String digitsOf(String what, Json value) throws Malformed {
        if (value instanceof Raw number && number.isInteger()) {
            return number.text;
        }
        throw new Malformed(what + " is an integer");
    }

    static long numberOf(String what, Json value) throws Malformed {
        String digits = digitsOf(what, value);
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException tooLarge) {
            throw new Malformed(what + " has 64 bits at most");
        }
    }

    static Fields fieldsOf(String what, Json value) throws Malformed {
        if (value instanceof Fields fields) {
            return fields;
        }
        throw new Malformed(what + " is an object");
    }

    // --- from text

    /// @throws Malformed if this is not one JSON value and nothing else
    static Json read(String text) throws Malformed {
        try (JsonParser parser = FACTORY.createParser(text)) {
            Json value = read(parser, parser.nextToken());
            if (parser.nextToken() != null) {
                throw new Malformed("something follows the JSON value");
            }
            return value;
        } catch (JsonProcessingException wrong) {
            throw new Malformed("this is no JSON: " + wrong.getOriginalMessage());
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static Json read(JsonParser parser, JsonToken token) throws IOException, Malformed {
        if (token == null) {
            throw new Malformed("there is no JSON value");
        }
        return switch (token) {
            case START_OBJECT -> {
                Fields fields = new Fields();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String name = parser.currentName();
                    fields.put(name, read(parser, parser.nextToken()));
                }
                yield fields;
            }
            case START_ARRAY -> {
                List<Json> values = new ArrayList<>();
                for (JsonToken next = parser.nextToken(); next != JsonToken.END_ARRAY; next = parser.nextToken()) {
                    values.add(read(parser, next));
                }
                yield new Array(values);
            }
            case VALUE_STRING -> new Text(parser.getText());
            case VALUE_TRUE -> TRUE;
            case VALUE_FALSE -> FALSE;
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT, VALUE_NULL -> new Raw(parser.getText());
            default -> throw new Malformed("there is no JSON value");
        };
    }

    // --- to text

    /// In one line.
    default String write() {
        StringWriter text = new StringWriter();
        try (JsonGenerator generator = FACTORY.createGenerator(text)) {
            write(generator);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return text.toString();
    }

    void write(JsonGenerator generator) throws IOException;

    /// The same value with the fields of every object in order of their names: equal objects are written alike.
    default Json canonical() {
        return this;
    }
}
