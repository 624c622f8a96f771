package dev.pulse.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * One run of a shell command for one job (stop 7 of the path), on the handler's thread and three threads of its own
 * that move the streams. The command leads a process group where the machine has setsid, so that whatever it started ends with
 * it. Keeps I8: of stdout the beginning is kept, of stderr the end, both bounded; the rest is read and dropped, because a
 * full pipe would stop the command.
 */
final class ShellJob {
    static final int MAX_STDOUT = 256 * 1024;
    static final int MAX_STDERR = 4 * 1024;
    /** How long a command that is told to stop may take before it is killed. */
    static final Duration GRACE = Duration.ofSeconds(2);

    private static final boolean HAS_SETSID =
            Files.isExecutable(Path.of("/usr/bin/setsid")) || Files.isExecutable(Path.of("/bin/setsid"));

    private final String command;

    ShellJob(String command) {
        this.command = command;
    }

    /**
     * How a command ended.
     *
     * @param status its exit status; 128 + n when signal n ended it
     * @param stdoutCut whether there was more than is kept
     */
    record Result(int status, byte[] stdout, boolean stdoutCut, byte[] stderr) {}

    /**
     * Runs the command and waits for its end.
     *
     * @throws InterruptedException when the thread is interrupted; the command and its process group are then gone
     */
    Result run(byte[] stdin, Map<String, String> variables) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(commandLine());
        builder.environment().putAll(variables);
        Process process = builder.start();
        Tail stderr = new Tail(MAX_STDERR);
        Head stdout = new Head(MAX_STDOUT);
        try {
            mover("stdin", () -> feed(process.getOutputStream(), stdin));
            Thread out = mover("stdout", () -> drain(process.getInputStream(), stdout));
            Thread err = mover("stderr", () -> drain(process.getErrorStream(), stderr));
            int status = process.waitFor();
            boolean read = out.join(GRACE) && err.join(GRACE);
            if (!read) {
                // Something in the group outlived the command and holds its pipes: end it, else we collect readers.
                signal(process, List.of(), "KILL");
            }
            return new Result(status, stdout.bytes(), stdout.cut(), stderr.bytes());
        } catch (InterruptedException e) {
            stop(process);
            throw e;
        }
    }

    /** Platform threads: a read from a pipe would hold on to a virtual thread's carrier, and of those there are few. */
    private static Thread mover(String stream, Runnable task) {
        return Thread.ofPlatform().daemon().name("exec-" + stream).start(task);
    }

    private List<String> commandLine() {
        List<String> line = new ArrayList<>();
        if (HAS_SETSID) {
            line.add("setsid");
        }
        line.addAll(List.of("/bin/sh", "-c", command));
        return line;
    }

    /** The interrupt is taken by now; the waits here are short and bounded, and a second interrupt makes them shorter. */
    private static void stop(Process process) {
        List<ProcessHandle> started = process.descendants().toList();
        signal(process, started, "TERM");
        try {
            process.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            signal(process, started, "KILL");
        }
    }

    /** The whole group; where there is none, the process and what it had started. */
    private static void signal(Process process, List<ProcessHandle> started, String signal) {
        if (HAS_SETSID) {
            signalGroup(process.pid(), signal);
        } else if (signal.equals("KILL")) {
            started.forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        } else {
            started.forEach(ProcessHandle::destroy);
            process.destroy();
        }
    }

    private static void signalGroup(long group, String signal) {
        try {
            // The kill that is part of every shell: a program of that name need not be installed.
            new ProcessBuilder("/bin/sh", "-c", "kill -" + signal + " -" + group)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .onExit()
                    .join();
        } catch (IOException e) {
            throw new IllegalStateException("cannot send SIG" + signal + " to process group " + group, e);
        }
    }

    /** A command need not read its input: that it closed the pipe is no failure. */
    private static void feed(OutputStream pipe, byte[] bytes) {
        try (pipe) {
            pipe.write(bytes);
        } catch (IOException e) {
            // The exit status tells how the command fared.
        }
    }

    private static void drain(InputStream pipe, Sink sink) {
        byte[] buffer = new byte[8 * 1024];
        try (pipe) {
            for (int n = pipe.read(buffer); n >= 0; n = pipe.read(buffer)) {
                sink.take(buffer, n);
            }
        } catch (IOException e) {
            // The process is gone and its pipe closed; what came until then is what there is.
        }
    }

    private sealed interface Sink {
        void take(byte[] buffer, int length);
    }

    /** The first bytes. */
    private static final class Head implements Sink {
        private final byte[] kept;
        private int size;
        private boolean cut;

        Head(int max) {
            kept = new byte[max];
        }

        @Override
        public synchronized void take(byte[] buffer, int length) {
            int fits = Math.min(length, kept.length - size);
            System.arraycopy(buffer, 0, kept, size, fits);
            size += fits;
            cut |= fits < length;
        }

        synchronized byte[] bytes() {
            return Arrays.copyOf(kept, size);
        }

        synchronized boolean cut() {
            return cut;
        }
    }

    /** The last bytes, in a ring. */
    private static final class Tail implements Sink {
        private final byte[] ring;
        private long written;

        Tail(int max) {
            ring = new byte[max];
        }

        @Override
        public synchronized void take(byte[] buffer, int length) {
            for (int i = 0; i < length; i++) {
                ring[(int) (written++ % ring.length)] = buffer[i];
            }
        }

        synchronized byte[] bytes() {
            int size = (int) Math.min(written, ring.length);
            byte[] bytes = new byte[size];
            for (int i = 0; i < size; i++) {
                bytes[i] = ring[(int) ((written - size + i) % ring.length)];
            }
            return bytes;
        }
    }
}
