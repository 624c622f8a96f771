package dev.pulse.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Which Pulse this is. */
@Command(name = "version", description = "Print the version.")
final class VersionCommand implements Callable<Integer> {
    private final Shell shell;

    VersionCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        shell.out().println(Version.line());
        return Exit.OK;
    }
}
