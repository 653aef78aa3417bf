package dev.rumor.client.cli.text;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/// Text from elsewhere made fit for a terminal: it stays on its line and steers nothing. Control characters
/// become `\n`, `\t`, `\r` or `\u001b`, and bytes that are not UTF-8 become `\xff`. A backslash stays as it
/// is, because a payload that is JSON should come out as it went in; `--json` can be told back to the byte.
public final class PlainText {

    public static String of(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer decoded = CharBuffer.allocate(bytes.length);
        CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder();
        StringBuilder text = new StringBuilder(bytes.length);
        while (true) {
            CoderResult result = utf8.decode(in, decoded.clear(), true);
            append(text, decoded.flip());
            if (!result.isError()) {
                return text.toString();
            }
            for (int k = 0; k < result.length(); k++) {
                text.append(String.format("\\x%02x", in.get()));
            }
        }
    }

    public static String of(String text) {
        return append(new StringBuilder(text.length()), text).toString();
    }

    private static StringBuilder append(StringBuilder text, CharSequence more) {
        for (int k = 0; k < more.length(); k++) {
            char each = more.charAt(k);
            switch (each) {
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                default -> {
                    if (Character.isISOControl(each)) {
                        text.append(String.format("\\u%04x", (int) each));
                    } else {
                        text.append(each);
                    }
                }
            }
        }
        return text;
    }

    private PlainText() {}
}
