package dev.rumor.host;

import dev.rumor.core.Effect;
import dev.rumor.core.Event;
import dev.rumor.core.message.Message;
import dev.rumor.wire.Reply;
import dev.rumor.wire.Request;
import java.util.List;

/// Two observers as one.
record Observers(Observer first, Observer second) implements Observer {

    @Override
    public void observe(Event event, List<Effect> effects) {
        first.observe(event, effects);
        second.observe(event, effects);
    }

    @Override
    public void heard(Message message, int bytes) {
        first.heard(message, bytes);
        second.heard(message, bytes);
    }

    @Override
    public void said(Message message, int bytes, int links) {
        first.said(message, bytes, links);
        second.said(message, bytes, links);
    }

    @Override
    public void asked(Request request, int bytes) {
        first.asked(request, bytes);
        second.asked(request, bytes);
    }

    @Override
    public void answered(Reply reply, int bytes) {
        first.answered(reply, bytes);
        second.answered(reply, bytes);
    }

    @Override
    public void synced(int records, long nanos) {
        first.synced(records, nanos);
        second.synced(records, nanos);
    }

    @Override
    public void behind() {
        first.behind();
        second.behind();
    }
}
