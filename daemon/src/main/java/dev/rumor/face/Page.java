package dev.rumor.face;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rumor.http.Answer;
import dev.rumor.http.Question;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;

/// What is served as it lies in the program: the page that shows the cluster, and the description of the interface.
final class Page {

    private final Answer page;
    private final Answer description;

    Page() {
        String html = resource("page.html");
        page = Answer.of(200, "text/html; charset=utf-8", Map.of("content-security-policy", policy(html)), html);
        description = Answer.ok("application/yaml", resource("openapi.yaml"));
    }

    Answer page(Question question) {
        return page;
    }

    Answer description(Question question) {
        return description;
    }

    /// The page may run its own script and no other, and talk to this node and to nobody else.
    private static String policy(String html) {
        return "default-src 'none'; script-src " + hash(html, "script") + "; style-src " + hash(html, "style")
                + "; img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    }

    private static String hash(String html, String element) {
        String from = "<" + element + ">";
        int start = html.indexOf(from) + from.length();
        String inside = html.substring(start, html.indexOf("</" + element + ">", start));
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(inside.getBytes(UTF_8));
            return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
        } catch (NoSuchAlgorithmException cannotBe) {
            throw new IllegalStateException(cannotBe);
        }
    }

    private static String resource(String name) {
        try (InputStream in = Page.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
