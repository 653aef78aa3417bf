package dev.rumor.simulator.planted;

import java.util.List;

/// A line of the law as somebody might have got it wrong.
///
/// @param trap what it runs into
/// @param seed the first seed that finds it
/// @param file below `dev/rumor/core`
/// @param right as it stands there, once
/// @param wrong what stands there instead
record Mistake(String trap, long seed, String file, String right, String wrong) {

    static final List<Mistake> ALL = List.of(
            new Mistake(
                    "an epoch is opened twice",
                    1,
                    "Identity.java",
                    "Math.max(1, Math.max(wallNow, lastEpoch + 1))",
                    "Math.max(1, lastEpoch > 0 ? lastEpoch : wallNow)"),
            new Mistake(
                    "the wall clock alone chooses the epoch",
                    9,
                    "Identity.java",
                    "Math.max(1, Math.max(wallNow, lastEpoch + 1))",
                    "Math.max(1, wallNow)"),
            new Mistake(
                    "what peers know of the last epoch is not asked for",
                    16,
                    "Identity.java",
                    "lastEpoch = Math.max(lastEpoch, reply.highestEpoch());",
                    "lastEpoch = Math.max(lastEpoch, 0);"),
            new Mistake(
                    "an own record is shown before it is durable",
                    1,
                    "Spread.java",
                    "        pace(cost);\n",
                    "        pace(cost);\n        turn.add(new Effect.Deliver("
                            + "new dev.rumor.core.stream.Stream.Range(identity.stream(), first, numbered)));\n"),
            new Mistake(
                    "a broadcast is acknowledged before it is durable",
                    1,
                    "Spread.java",
                    "        pace(cost);\n",
                    "        pace(cost);\n        turn.add(new Effect.Acknowledge("
                            + "writing.peek().number(), identity.stream(), first, records));\n"),
            new Mistake(
                    "a received record is claimed before it is durable",
                    1,
                    "Bulletin.java",
                    "new Message.Claims(log.durable().claims()",
                    "new Message.Claims(log.received().claims()"),
            new Mistake(
                    "readers are shown what lies behind a gap",
                    5,
                    "Log.java",
                    "(isOwn(stream) ? durable : received).held(stream).contiguous()",
                    "(isOwn(stream) ? durable : received).held(stream).last()"),
            new Mistake(
                    "after a restart readers are shown everything again",
                    1,
                    "Log.java",
                    "delivered.put(claim.stream(), claim.held().contiguous());",
                    "delivered.put(claim.stream(), 0L);"),
            new Mistake(
                    "the union of intervals is off by one",
                    95,
                    "stream/Intervals.java",
                    "from <= merged[size - 1] + 1)",
                    "from <= merged[size - 1] + 2)"),
            new Mistake(
                    "the difference of intervals is off by one",
                    1,
                    "stream/Intervals.java",
                    "from = Math.max(from, other.bounds[k + 1] + 1);",
                    "from = Math.max(from, other.bounds[k + 1] + 2);"),
            new Mistake(
                    "what most hold is taken for committed",
                    1,
                    "Receipts.java",
                    "return member.isActive() ? others.and(",
                    "return member.isActive() && hasReported(member) ? others.and("),
            new Mistake(
                    "receipts outlive the disk that gave them",
                    342,
                    "holding/Holdings.java",
                    "return holder != null && holder.isOn(disk) ? holder : null;",
                    "return holder;"),
            new Mistake(
                    "an agreement to an earlier round counts for a later one",
                    6,
                    "Rounds.java",
                    "link.roundsOpen == 0 : link.heardOfUsAt == link.roundAt",
                    "true : true"),
            new Mistake(
                    "records are let go of that are not committed",
                    8,
                    "stream/Retention.java",
                    "order(committed, limits.bytes",
                    "order(durable, limits.bytes"),
            new Mistake(
                    "rounds find that all is well",
                    1,
                    "Rounds.java",
                    "boolean sameHeld = round.held().equals(log.durable().digest());",
                    "boolean sameHeld = true;"),
            new Mistake(
                    "a pull that its link took with it is waited for",
                    47,
                    "stream/Gap.java",
                    "source = source == link ? NOBODY : source;",
                    "source = source == link ? link : source;"),
            new Mistake(
                    "a link that was clogged once stays so",
                    110,
                    "Links.java",
                    "link.clogged = clogged;",
                    "link.clogged |= clogged;"),
            new Mistake(
                    "an eviction is forgotten when the register is raised",
                    9,
                    "message/Register.java",
                    "return compareTo(other) < 0 ? other.withEnded(ended) : withEnded(other.ended);",
                    "return compareTo(other) < 0 ? other : this;"),
            new Mistake(
                    "what a dead incumbent had said saves its name",
                    572,
                    "Rounds.java",
                    "if (link.roundsOpen == 0) {",
                    "if (link.roundsOpen >= 0) {"),
            new Mistake(
                    "of two newcomers the first keeps the door shut",
                    97,
                    "Links.java",
                    "boolean later = newcomer.hello.epoch() > before.hello.epoch();",
                    "boolean later = false;"),
            new Mistake(
                    "a reader reads on where it was, once more",
                    1,
                    "stream/Walk.java",
                    "return upTo == Long.MAX_VALUE ? upTo : upTo + 1;",
                    "return upTo == Long.MAX_VALUE ? upTo : Math.max(1, upTo);"),
            new Mistake(
                    "a reader reads again what it read elsewhere",
                    1,
                    "stream/Walk.java",
                    "stream.epoch() < mark ? shown.from()",
                    "stream.epoch() >= mark ? shown.from()"));
}
