package dev.rumor.workbench;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;

/// Maelstrom's network. A message waits for its latency, drawn when it is sent; those with a client at one end do not
/// wait. Each node has one deliverer, which takes the message that is due first and *sleeps* until it is: what arrives
/// meanwhile waits behind it, even a client's request (notes 5.3). Whether a cut eats a message is decided when it is
/// taken, before that sleep (7.8).
///
/// Loss and duplication between nodes are ours; Maelstrom has none.
final class Network {

    enum Latency {
        CONSTANT,
        UNIFORM,
        EXPONENTIAL;

        /// Whole milliseconds, as Maelstrom truncates them.
        long draw(int mean, RandomGenerator dice) {
            return switch (this) {
                case CONSTANT -> mean;
                case UNIFORM -> (long) (dice.nextDouble() * 2 * mean);
                case EXPONENTIAL -> (long) (dice.nextExponential() * mean);
            };
        }
    }

    private record Letter(Message message, long id, long due) {}

    private final Agenda agenda;
    private final Settings settings;
    private final RandomGenerator dice;
    private final Map<String, Mailbox> mailboxes = new HashMap<>();
    private Cut cut;
    private long sent;
    private long sentByServers;
    private long dropped;

    Network(Agenda agenda, Settings settings, RandomGenerator dice) {
        this.agenda = agenda;
        this.settings = settings;
        this.dice = dice;
    }

    /// @param number a node's place among the nodes, -1 for a client
    /// @param receiver gets each message with Maelstrom's number for it
    void join(String name, int number, BiConsumer<Message, Long> receiver) {
        mailboxes.put(name, new Mailbox(number, receiver));
    }

    void leave(String name) {
        mailboxes.remove(name);
    }

    void cut(Cut now) {
        cut = now;
    }

    void heal() {
        cut = null;
    }

    /// Messages between nodes so far, those lost included; a duplicate that the network makes is the same message.
    long sentByServers() {
        return sentByServers;
    }

    /// Messages that a cut or the dice have eaten.
    long dropped() {
        return dropped;
    }

    void send(Message message) throws Message.Malformed {
        Mailbox from = known(message.src());
        Mailbox to = known(message.dest());
        long id = sent++;
        if (message.isOfClient()) {
            to.put(from, new Letter(message, id, agenda.now()));
            return;
        }
        sentByServers++;
        if (dice.nextDouble() * 100 < settings.lossPercent) {
            dropped++;
            return;
        }
        to.put(from, new Letter(message, id, drawDue()));
        if (dice.nextDouble() * 100 < settings.duplicationPercent) {
            to.put(from, new Letter(message, id, drawDue()));
        }
    }

    private long drawDue() {
        return agenda.now() + settings.latencyDist.draw(settings.latencyMillis, dice) * 1_000_000;
    }

    private Mailbox known(String name) throws Message.Malformed {
        Mailbox mailbox = mailboxes.get(name);
        if (mailbox == null) {
            throw new Message.Malformed("nobody is called '" + name + "' (any more, or yet)");
        }
        return mailbox;
    }

    private final class Mailbox {
        private record Waiting(Mailbox from, Letter letter) {}

        private final int number;
        private final BiConsumer<Message, Long> receiver;
        private final PriorityQueue<Waiting> waiting = new PriorityQueue<>(
                Comparator.<Waiting>comparingLong(each -> each.letter().due())
                        .thenComparingLong(each -> each.letter().id()));
        private boolean asleep;

        Mailbox(int number, BiConsumer<Message, Long> receiver) {
            this.number = number;
            this.receiver = receiver;
        }

        void put(Mailbox from, Letter letter) {
            waiting.add(new Waiting(from, letter));
            if (!asleep) {
                take();
            }
        }

        private void take() {
            while (!asleep && !waiting.isEmpty()) {
                Waiting head = waiting.remove();
                if (isSevered(head)) {
                    dropped++;
                } else {
                    asleep = settings.blocking;
                    agenda.at(head.letter().due(), () -> deliver(head.letter()));
                }
            }
        }

        private void deliver(Letter letter) {
            asleep = false;
            receiver.accept(letter.message(), letter.id());
            take();
        }

        private boolean isSevered(Waiting head) {
            return cut != null && !head.letter().message().isOfClient() && cut.severs(head.from().number, number);
        }
    }
}
