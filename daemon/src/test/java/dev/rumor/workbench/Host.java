package dev.rumor.workbench;

import java.time.Duration;
import java.util.function.Supplier;

/// One node under test, as the workbench sees it: lines go in, lines come out. A process of the system,
/// or a program in this process that lives on the workbench's [Agenda], in virtual time if need be.
public interface Host {

    /// Starts the node, which calls [Shell#started] as soon as it can hear.
    void start(Shell shell);

    /// A line for its standard input, to be written out by whoever has the time: as under Maelstrom, where each
    /// node has threads of its own, the agenda is not kept waiting by long lines. May be asked on any thread.
    void hear(Supplier<String> line);

    /// Stops it at once, as SIGKILL does. It says nothing any more.
    void kill();

    /// What of it is in memory; 0 when that is not to be known.
    default long residentBytes() {
        return 0;
    }

    /// What a node has around it. But for [#post] and [#reading], all of it is called on the agenda's thread.
    interface Shell {

        /// The node can be sent to from here on.
        void started();

        /// A line of its standard output.
        default void say(String line) {
            reading(line).run();
        }

        /// Reads a line of its standard output, on any thread, for what is then to be run on the agenda's.
        Runnable reading(String line);

        /// It has ended by itself; `how` is a sentence.
        void exited(String how);

        /// In nanoseconds, from an arbitrary origin.
        long now();

        void in(Duration wait, Runnable action);

        /// Runs on the agenda's thread; may be called on any.
        void post(Runnable action);
    }
}
