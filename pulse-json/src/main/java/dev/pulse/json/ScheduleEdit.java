package dev.pulse.json;

import dev.pulse.model.ScheduleSpec;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A change of a schedule as a caller sent it.
 *
 * @param version the version that the caller saw; null where the body has none that can be read, which the change refuses
 * @param change the schedule as it shall be; throws {@link dev.pulse.model.PulseException} naming every fault of the body
 */
public record ScheduleEdit(@Nullable Long version, UnaryOperator<ScheduleSpec> change) {}
