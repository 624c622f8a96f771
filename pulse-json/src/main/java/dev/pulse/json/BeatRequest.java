package dev.pulse.json;

import dev.pulse.model.LeaseToken;
import dev.pulse.model.Note;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A heartbeat of a worker that speaks HTTP.
 *
 * @param held what it says it holds; empty where it does not say
 * @param notes what its attempts tell of themselves
 */
public record BeatRequest(Optional<Set<LeaseToken>> held, List<Note> notes) {}
