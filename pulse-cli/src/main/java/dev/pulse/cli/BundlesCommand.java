package dev.pulse.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The commands about bundles. */
@Command(name = "bundles", description = "List, show and act on bundles of jobs.", synopsisSubcommandLabel = "COMMAND")
final class BundlesCommand {
    private BundlesCommand() {}

    static CommandLine of(Shell shell, Words words) {
        return new Branches()
                .with("list", () -> new BundlesListCommand(shell))
                .with("get", () -> new BundlesGetCommand(shell))
                .with("cancel", () -> new BundlesCancelCommand(shell))
                .with("delete", () -> new BundlesDeleteCommand(shell))
                .below(new BundlesCommand(), words);
    }
}
