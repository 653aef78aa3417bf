package dev.rumor.maelstrom;

import dev.rumor.wire.Malformed;

/// One line of Maelstrom's: who says what to whom. Maelstrom adds an `id` of its own to each, which nobody needs.
record Envelope(String src, String dest, Json.Fields body) {

    private static final String NUMBER = "msg_id";
    private static final String ANSWERED = "in_reply_to";

    /// @throws Malformed if it cannot be told who says it, so that nobody can be answered
    static Envelope read(String line) throws Malformed {
        Json.Fields message = Json.fieldsOf("a message", Json.read(line));
        return new Envelope(message.text("src"), message.text("dest"), Json.fieldsOf("'body'", message.get("body")));
    }

    /// Exactly the keys that Maelstrom allows: for one more it stops listening to this node for good.
    static String line(String src, String dest, Json body) {
        return new Json.Fields()
                .put("src", src)
                .put("dest", dest)
                .put("body", body)
                .write();
    }

    /// Whether it answers something, and so must not be answered.
    boolean isReply() {
        return body.has(ANSWERED);
    }

    String type() throws Malformed {
        return body.text("type");
    }

    /// @throws Malformed if it has no type, or a number by which it cannot be answered
    void check() throws Malformed {
        type();
        if (body.has(NUMBER)) {
            body.integer(NUMBER);
        }
    }

    /// What goes back for it: of a request that does not pass [#check], without the number.
    ///
    /// @param fields what it says beside its type and the number of what it answers
    String reply(String type, Json.Fields fields) {
        Json.Fields reply = new Json.Fields().put("type", type);
        if (body.values().get(NUMBER) instanceof Json.Raw number && number.isInteger()) {
            reply.put(ANSWERED, number);
        }
        fields.values().forEach(reply::put);
        return line(dest, src, reply);
    }
}
