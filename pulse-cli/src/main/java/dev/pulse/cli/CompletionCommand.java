package dev.pulse.cli;

import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Teaches a shell the commands and their flags. */
@Command(
        name = "completion",
        description = {
            "Print a script that completes commands and flags in your shell.",
            "bash: add  source <(pulse completion bash)  to ~/.bashrc",
            "zsh:  add  source <(pulse completion zsh)   to ~/.zshrc"
        })
final class CompletionCommand implements Callable<Integer> {
    /** The shells that can be taught. */
    enum Kind {
        BASH,
        ZSH;

        /** As people write it. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Shell shell;

    @Parameters(paramLabel = "SHELL", description = "${COMPLETION-CANDIDATES}")
    private Kind kind = Kind.BASH;

    CompletionCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        String script = AutoComplete.bash("pulse", CommandTree.of(shell, Words.ALL));
        // The script works in zsh, too, once that has been told to take scripts for bash.
        shell.out().print(kind == Kind.BASH ? script : "autoload -U +X bashcompinit && bashcompinit\n" + script);
        return Exit.OK;
    }
}
