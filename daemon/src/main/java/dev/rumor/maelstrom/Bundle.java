package dev.rumor.maelstrom;

import dev.rumor.core.message.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/// What is said to one peer in one turn, to leave as one message. The core says who speaks and what it holds with
/// everything it says; of these only the last word counts, and comes first.
final class Bundle {
    private Message.Stamp stamp;
    private Message.Claims whole;
    private Message.Confirmed confirmed;
    private final List<Message> others = new ArrayList<>();

    void add(Message message) {
        switch (message) {
            case Message.Stamp newer -> stamp = newer;
            case Message.Claims newer when newer.whole() -> whole = newer(newer);
            case Message.Confirmed newer -> confirmed = newer;
            default -> others.add(message);
        }
    }

    /// A question that was asked stays asked.
    private Message.Claims newer(Message.Claims newer) {
        boolean asked = whole != null && whole.answer() && !newer.answer();
        return asked ? new Message.Claims(newer.claims(), newer.marks(), true, true) : newer;
    }

    List<Message> parts() {
        return Stream.concat(Stream.of(stamp, whole, confirmed).filter(Objects::nonNull), others.stream())
                .toList();
    }
}
