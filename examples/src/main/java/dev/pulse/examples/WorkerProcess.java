package dev.pulse.examples;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A {@link ThumbnailWorker} in a process of its own. A thread reads what the worker says of its jobs and prints it; the
 * thread that uses this object waits for what it needs to have been said.
 */
final class WorkerProcess implements AutoCloseable {
    private final Process process;
    private final Thread reader;
    private final Set<String> unfinished = new TreeSet<>();
    private int done;
    private boolean ended;

    private WorkerProcess(Process process, String name, PrintStream out) {
        this.process = process;
        this.reader = Thread.ofPlatform().daemon().name(name).start(() -> read(name, out));
    }

    static WorkerProcess start(String address, String name, Duration lease, Duration pause, PrintStream out)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(ThumbnailWorker.class.getName(), address, name, lease.toString(), pause.toString()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        return new WorkerProcess(process, name, out);
    }

    /** Returns when that many jobs are done and at least one more runs. */
    synchronized void awaitRunningAfter(int jobs) throws InterruptedException {
        while (done < jobs || unfinished.isEmpty()) {
            if (ended) {
                throw new IllegalStateException("the worker ended by itself");
            }
            wait();
        }
    }

    /** SIGKILL: the worker gets no chance to say goodbye. Returns what it had started and not finished. */
    Set<String> kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
        reader.join();
        return unfinished;
    }

    /** SIGTERM: the worker drains and ends. */
    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }

    private void read(String name, PrintStream out) {
        try (BufferedReader lines = process.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                out.println(name + ": " + line);
                note(line);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            noteEnd();
        }
    }

    private synchronized void note(String line) {
        String job = line.substring(line.indexOf(' ') + 1);
        if (line.startsWith("start ")) {
            unfinished.add(job);
        } else if (line.startsWith("done ") && unfinished.remove(job)) {
            done++;
        }
        notifyAll();
    }

    private synchronized void noteEnd() {
        ended = true;
        notifyAll();
    }
}
