package dev.rumor.maelstrom;

import dev.rumor.core.Effect;
import dev.rumor.core.Event;
import dev.rumor.core.View;
import dev.rumor.core.message.Message;
import dev.rumor.core.stream.Intervals;
import dev.rumor.core.stream.Stream;
import dev.rumor.core.stream.Stream.Range;
import dev.rumor.host.HostContract;
import dev.rumor.host.Machine;
import dev.rumor.wire.Malformed;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;

/// The contract, where all are members from the first. That somebody is there shows by its first word, a ping, which
/// takes the place of a link that comes.
class MaelstromProcessTest extends HostContract {

    private static final List<String> ROSTER = List.of("n1", "n2", "n3");
    private static final MaelstromHost.Options OPTIONS =
            new MaelstromHost.Options(Optional.empty(), Duration.ZERO, Duration.ofSeconds(1), 3);

    private final Map<String, Mailbox> mailboxes = new ConcurrentHashMap<>();

    private record Started(String name, Mailbox mailbox, Thread thread) implements Host {
        @Override
        public void stop() {
            mailbox.close();
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    protected Host start(Machine machine) {
        String name = ROSTER.get(mailboxes.size());
        Mailbox mailbox = new Mailbox();
        mailboxes.put(name, mailbox);
        mailbox.put("{'src':'c0','dest':'%s','body':{'type':'init','msg_id':1,'node_id':'%s','node_ids':%s}}"
                .formatted(name, name, "['n1','n2','n3']")
                .replace('\'', '"'));
        Thread thread = Thread.ofPlatform().name("test-" + name).start(() -> run(machine, mailbox));
        return new Started(name, mailbox, thread);
    }

    @Override
    protected Host start(Machine machine, Host other) {
        Started started = (Started) start(machine);
        ping(started.name, ((Started) other).name);
        ping(((Started) other).name, started.name);
        return started;
    }

    private void ping(String from, String to) {
        Json ping = GossipWriter.body(java.util.stream.Stream.of(GossipWriter.part(new Message.Ping())));
        mailboxes.get(to).put(Envelope.line(from, to, ping));
    }

    private void run(Machine machine, Mailbox mailbox) {
        try {
            MaelstromProcess.run(OPTIONS, settings -> new Standing(machine), mailbox, new Post(), sentence -> {});
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /// Takes a ping for a new link.
    private record Standing(Machine machine) implements Machine {
        @Override
        public List<Effect> handle(Event event, long now) {
            boolean isFirstWord = event instanceof Event.Heard heard && heard.message() instanceof Message.Ping;
            return machine.handle(isFirstWord ? new Event.Connected(((Event.Heard) event).link(), false) : event, now);
        }

        @Override
        public View view(long now) {
            return machine.view(now);
        }

        @Override
        public View.Holders holders(Range range, long now) {
            return machine.holders(range, now);
        }

        @Override
        public Intervals absent(Stream stream) {
            return machine.absent(stream);
        }

        @Override
        public long mark(String origin) {
            return machine.mark(origin);
        }

        @Override
        public boolean isLevel() {
            return machine.isLevel();
        }
    }

    /// Standard output of each: takes lines to where they go.
    private final class Post extends ByteArrayOutputStream {
        @Override
        public void flush() throws IOException {
            String line = toString(StandardCharsets.UTF_8);
            reset();
            try {
                Mailbox mailbox = mailboxes.get(Envelope.read(line).dest());
                if (mailbox != null) {
                    mailbox.put(line.strip());
                }
            } catch (Malformed wrong) {
                throw new IOException(wrong);
            }
        }
    }

    /// Standard input of each.
    private static final class Mailbox extends InputStream {
        private static final int END = -1;

        private final BlockingQueue<Integer> bytes = new LinkedBlockingQueue<>();

        void put(String line) {
            List<Integer> all = new ArrayList<>();
            for (byte each : (line + "\n").getBytes(StandardCharsets.UTF_8)) {
                all.add(each & 0xff);
            }
            synchronized (bytes) {
                bytes.addAll(all); // a line of one writer, not of two
            }
        }

        @Override
        public int read() throws IOException {
            try {
                return bytes.take();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }

        /// As a pipe does: what is there is had at once.
        @Override
        public int read(byte[] to, int offset, int length) throws IOException {
            int first = read();
            if (first == END) {
                return END;
            }
            to[offset] = (byte) first;
            int count = 1;
            for (Integer next = bytes.peek(); count < length && next != null && next != END; next = bytes.peek()) {
                to[offset + count++] = bytes.remove().byteValue();
            }
            return count;
        }

        @Override
        public void close() {
            bytes.add(END);
        }
    }
}
