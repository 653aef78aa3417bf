package dev.rumor.core;

import dev.rumor.core.message.Message;
import dev.rumor.core.message.Register;
import dev.rumor.core.stream.Frontier.Claim;
import dev.rumor.core.stream.Frontier.Mark;
import dev.rumor.core.stream.Stream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Prints what crosses the border of a node as people read it: one line per event, its effects behind it.
final class Transcript {

    private Transcript() {}

    static String line(Stage stage, Stage.Actor actor, Event event, List<Effect> effects) {
        List<String> done = new ArrayList<>();
        for (Effect effect : effects) {
            String text = effect(stage, actor, effect);
            if (!text.isEmpty()) {
                done.add(text);
            }
        }
        if (done.isEmpty() && isRoutine(event)) {
            return "";
        }
        String head =
                String.format(Locale.ROOT, "%9.3f %s  %s", stage.now / 1e6, actor.name, event(stage, actor, event));
        return done.isEmpty() ? head : head + "\n" + " ".repeat(16) + String.join("\n" + " ".repeat(16), done);
    }

    private static boolean isRoutine(Event event) {
        return event instanceof Event.Woke || event instanceof Event.Sent || event instanceof Event.Appended;
    }

    private static String peer(Stage.Actor actor, long link) {
        Stage.Wire wire = actor.wires.get(link);
        return (wire == null ? "?" : wire.other(actor).name) + "#" + link;
    }

    private static String event(Stage stage, Stage.Actor actor, Event event) {
        return switch (event) {
            case Event.Recovered found ->
                "Recovered " + found.found() + (found.lastEpoch() > 0 ? " epoch " + found.lastEpoch() : "")
                        + claims(found.claims());
            case Event.EpochOpened opened -> "EpochOpened";
            case Event.Connected it -> "Connected " + peer(actor, it.link()) + (it.dialled() ? " (dialled)" : "");
            case Event.Disconnected it -> "Disconnected #" + it.link();
            case Event.Clogged it -> "Clogged " + peer(actor, it.link());
            case Event.Drained it -> "Drained " + peer(actor, it.link());
            case Event.Heard it -> "Heard " + peer(actor, it.link()) + ": " + message(it.message());
            case Event.Offered it -> "Offered " + it.draft();
            case Event.LeaveAsked it -> "LeaveAsked within " + it.within().toMillis() + " ms";
            case Event.EvictAsked it -> "EvictAsked " + it.name() + (it.force() ? " by force" : "");
            case Event.Appended it -> "Appended " + new Stream.Range(it.stream(), it.from(), it.to());
            case Event.Sent it ->
                "Sent " + peer(actor, it.link()) + " up to " + it.stream().id(it.upTo());
            case Event.Unreadable it -> "Unreadable " + new Stream.Range(it.stream(), it.from(), it.to());
            case Event.Trimmed it -> "Trimmed " + it.ranges() + " (" + it.bytes() + " B)";
            case Event.Damaged it -> "Damaged " + new Stream.Range(it.stream(), it.from(), it.to());
            case Event.StoreFailed it -> "StoreFailed: " + it.why();
            case Event.Woke it -> "Woke";
            case Event.Stopping it -> "Stopping";
        };
    }

    private static String effect(Stage stage, Stage.Actor actor, Effect effect) {
        return switch (effect) {
            case Effect.OpenEpoch it -> "OpenEpoch " + it.epoch();
            case Effect.Ready it -> "Ready " + it.stream();
            case Effect.Stop it -> "Stop: " + it.why();
            case Effect.WakeAt it -> "";
            case Effect.Warn it -> "Warn: " + it.why();
            case Effect.Send it -> "Send " + peers(actor, it.links()) + ": " + message(it.message());
            case Effect.Admit it -> "Admit " + peer(actor, it.link());
            case Effect.Hangup it -> "Hangup " + peer(actor, it.link()) + ": " + it.why();
            case Effect.Reach it -> "Reach " + it.name();
            case Effect.Leave it -> "Leave " + it.name();
            case Effect.Append it -> "Append " + it.run();
            case Effect.AppendOwn it -> "AppendOwn " + it.stream().id(it.first()) + " " + it.drafts();
            case Effect.SendRange it -> "SendRange " + peers(actor, it.links()) + ": " + it.range();
            case Effect.Trim it -> "Trim to " + it.keepBytes() + " B";
            case Effect.RememberRegister it -> "";
            case Effect.RememberMarks it -> "RememberMarks" + marks(it.marks());
            case Effect.Acknowledge it -> "Acknowledge " + it.stream().id(it.first()) + " x" + it.count();
            case Effect.Refuse it -> "Refuse: " + it.why();
            case Effect.Grant it -> "Grant";
            case Effect.Deliver it -> "Deliver " + it.range();
            case Effect.Waive it -> "Waive " + it.range();
        };
    }

    private static String peers(Stage.Actor actor, List<Long> links) {
        return String.join(" ", links.stream().map(link -> peer(actor, link)).toList());
    }

    private static String message(Message message) {
        return switch (message) {
            case Message.NameQuery it -> "NameQuery " + it.name();
            case Message.NameReply it -> "NameReply highest " + it.highestEpoch() + claims(it.claimed());
            case Message.Hello it -> "Hello " + it.name() + " epoch " + it.epoch();
            case Message.Refusal it -> "Refusal " + it.reason() + ", " + it.text();
            case Message.Ping it -> "Ping";
            case Message.Pong it -> "Pong";
            case Message.Registers it ->
                "Registers "
                        + String.join(
                                " ",
                                it.registers().stream()
                                        .map(Transcript::register)
                                        .toList());
            case Message.Round it -> "Round";
            case Message.Sections it ->
                "Sections" + (it.answer() ? " (answer)" : "") + (it.held().isEmpty() ? "" : " of what is held")
                        + (it.roster().isEmpty() ? "" : " of the roster");
            case Message.Agreement it -> "Agreement";
            case Message.Claims it ->
                "Claims" + (it.whole() ? " (whole)" : "") + (it.answer() ? " (answer)" : "") + claims(it.claims())
                        + marks(it.marks());
            case Message.Pull it -> "Pull " + it.wants() + (it.hold() ? " (hold)" : "");
            case Message.Runs it -> "Runs " + it.runs();
            case Message.Served it ->
                (it.done() ? "Served" : "Gone") + (it.gaps().isEmpty() ? "" : ", gaps " + it.gaps());
            case Message.Stamp it -> "Stamp" + (it.relay().isEmpty() ? "" : ", by way of " + it.relay());
            case Message.Confirmed it -> "Confirmed" + claims(it.held());
        };
    }

    private static String register(Register register) {
        String ends = register.ends().isEmpty() ? "" : register.ends().toString();
        String ended = register.ended().isEmpty()
                ? ""
                : " (ended disks: " + register.ended().size() + ")";
        return register.name() + "=" + register.standing().name().toLowerCase(Locale.ROOT) + ends + ended;
    }

    private static String claims(List<Claim> claims) {
        return claims.isEmpty()
                ? ""
                : " " + String.join(" ", claims.stream().map(Claim::toString).toList());
    }

    private static String marks(List<Mark> marks) {
        return marks.isEmpty()
                ? ""
                : " retired below "
                        + String.join(
                                " ",
                                marks.stream()
                                        .map(mark -> mark.origin() + "/" + Long.toString(mark.epoch(), 36))
                                        .toList());
    }
}
