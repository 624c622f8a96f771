package dev.pulse.cli;

import dev.pulse.client.PulseClient;
import dev.pulse.json.EventJson;
import dev.pulse.model.Event;
import dev.pulse.model.EventCursor;
import dev.pulse.model.EventFilter;
import dev.pulse.model.EventKind;
import dev.pulse.sdk.LiveEvents;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What happens to jobs and bundles, as it commits. */
@Command(name = "events", description = "Follow the events of jobs and bundles until interrupted.")
final class EventsCommand implements Callable<Integer> {
    private static final Duration POLL = Duration.ofSeconds(1);

    private final Shell shell;

    @Mixin
    private Remote remote = new Remote();

    @Option(names = "--json", description = "Print each event as one JSON object on a line of its own.")
    private boolean json;

    @Option(
            names = {"--type", "--topic"},
            paramLabel = "TYPE",
            description = "Of jobs or bundles of this type; repeat for several.")
    private List<String> types = new ArrayList<>();

    @Option(names = "--queue", paramLabel = "QUEUE", description = "Of jobs of this queue; repeat for several.")
    private List<String> queues = new ArrayList<>();

    @Option(
            names = "--kind",
            paramLabel = "KIND",
            completionCandidates = Candidates.EventKinds.class,
            description = "submitted, completed, …; repeat for several.")
    private List<EventKind> kinds = new ArrayList<>();

    @Option(names = "--after", paramLabel = "ID", description = "Go on behind this event; default: from now on.")
    private @Nullable EventCursor after;

    @Option(names = "--count", paramLabel = "N", description = "End after so many events.")
    private long count = Long.MAX_VALUE;

    EventsCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws InterruptedException {
        EventFilter filter = new EventFilter(Set.copyOf(kinds), Set.copyOf(types), Set.copyOf(queues));
        try (PulseClient client = remote.connect(shell);
                LiveEvents live = client.events().watch(filter, after)) {
            long left = count;
            while (left > 0 && !shell.pipeClosed()) {
                for (Event event : live.poll(POLL)) {
                    if (left-- > 0) {
                        print(event);
                    }
                }
                if (live.takeGap()) {
                    shell.err().println("pulse: events before these were dropped, because their time was over");
                }
            }
            return Exit.OK;
        }
    }

    private void print(Event event) {
        if (json) {
            shell.out().println(new String(EventJson.event(event), StandardCharsets.UTF_8));
            return;
        }
        shell.out()
                .println(event.id() + "  " + event.at() + "  " + event.kind().wireName() + "  " + event.type() + "  "
                        + Objects.requireNonNullElse(event.queue(), "-") + "  " + event.subject());
    }
}
