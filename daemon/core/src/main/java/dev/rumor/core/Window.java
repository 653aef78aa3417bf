package dev.rumor.core;

import dev.rumor.core.message.Register;
import dev.rumor.core.stream.Intervals;
import dev.rumor.core.stream.Stream;
import dev.rumor.core.stream.Stream.Range;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// What can be seen of a node from outside. Looking changes nothing.
final class Window {

    /// Linked, but silent for longer than this: suspected. A quiet link carries a ping every 5 s.
    private static final long QUIET_NANOS = Duration.ofSeconds(10).toNanos();

    /// Not linked for longer than this: unreachable.
    private static final long GONE_NANOS = Duration.ofSeconds(15).toNanos();

    private final Settings settings;
    private final Identity identity;
    private final Links links;
    private final Log log;
    private final Roster roster;
    private final Receipts receipts;
    private final Spread spread;

    Window(
            Settings settings,
            Identity identity,
            Links links,
            Log log,
            Roster roster,
            Receipts receipts,
            Spread spread) {
        this.settings = settings;
        this.identity = identity;
        this.links = links;
        this.log = log;
        this.roster = roster;
        this.receipts = receipts;
        this.spread = spread;
    }

    View view() {
        List<View.Member> members = new ArrayList<>();
        for (Register register : roster.all()) {
            members.add(new View.Member(register, liveness(register), roster.silentNanos(register.name())));
        }
        return new View(
                settings,
                identity.isOpen(),
                identity.stream(),
                identity.disk(),
                log.records(),
                log.bytes(),
                log.durable().claims(),
                log.delivered(),
                receipts.committed().all(),
                members,
                receipts.blocker(),
                spread.waiting(),
                log.durable().retired(),
                roster.isReconciled());
    }

    private View.Liveness liveness(Register register) {
        if (register.name().equals(settings.name())) {
            return View.Liveness.SELF;
        }
        if (!register.isMember()) {
            return View.Liveness.GONE;
        }
        long silent = roster.silentNanos(register.name());
        boolean linked = links.to(register.name()) != null;
        if (linked && silent < QUIET_NANOS) {
            return View.Liveness.LINKED;
        }
        return linked || silent < GONE_NANOS ? View.Liveness.SUSPECTED : View.Liveness.UNREACHABLE;
    }

    View.Holders holders(Range range) {
        return receipts.holders(range);
    }

    Intervals absent(Stream stream) {
        return log.absent(stream);
    }

    long mark(String origin) {
        return log.durable().mark(origin);
    }

    boolean isLevel() {
        return !identity.isOpen()
                || links.admitted().stream()
                        .allMatch(link -> receipts.heldBy(link, identity.stream())
                                .containsAll(log.durable().held(identity.stream())));
    }
}
