package dev.pulse.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The commands about bundles. */
@Command(name = "bundles", description = "List, show and act on bundles of jobs.", synopsisSubcommandLabel = "COMMAND")
final class BundlesCommand {
    private BundlesCommand() {}

    static CommandLine of(Shell shell) {
        return new CommandLine(new BundlesCommand())
                .addSubcommand(new BundlesListCommand(shell))
                .addSubcommand(new BundlesGetCommand(shell))
                .addSubcommand(new BundlesCancelCommand(shell))
                .addSubcommand(new BundlesDeleteCommand(shell));
    }
}
