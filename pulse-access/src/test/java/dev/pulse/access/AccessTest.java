package dev.pulse.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import dev.pulse.model.Caller;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.Permission;
import dev.pulse.model.PulseException;
import dev.pulse.model.QueueSet;
import dev.pulse.model.Role;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AccessTest {
    private static Access of(Role role, String... queues) {
        return new Access(new Caller("ann", "10.0.0.1"), Set.of(role), QueueSet.of(List.of(queues)));
    }

    private static void assertForbidden(Runnable act, String... words) {
        assertThatExceptionOfType(PulseException.class)
                .isThrownBy(act::run)
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.FORBIDDEN))
                .withMessageContainingAll(words);
    }

    @Test
    void whatNoRoleAllowsIsForbiddenWithTheRolesThatDo() {
        Access viewer = of(Role.VIEWER);

        assertThatNoException().isThrownBy(() -> viewer.require(Permission.READ));
        assertForbidden(() -> viewer.require(Permission.OPERATE), "ann", "operator, admin");
    }

    @Test
    void aWorkerNeitherReadsNorSubmits() {
        assertThat(of(Role.WORKER).allows(Permission.WORK)).isTrue();
        assertThat(of(Role.WORKER).allows(Permission.READ)).isFalse();
        assertThat(of(Role.WORKER).allows(Permission.SUBMIT)).isFalse();
    }

    @Test
    void somebodyWhoIsNarrowedToQueuesSeesThoseAndNothingThatConcernsAll() {
        Access narrowed = of(Role.OPERATOR, "mail", "bill-*");

        assertThat(narrowed.sees("mail")).isTrue();
        assertThat(narrowed.sees("bill-eu")).isTrue();
        assertThat(narrowed.sees("mail2")).isFalse();
        assertForbidden(() -> narrowed.requireQueue("default"), "default", "bill-*, mail");
        assertForbidden(narrowed::requireAllQueues, "bill-*, mail");
        assertThatNoException().isThrownBy(of(Role.OPERATOR)::requireAllQueues);
    }

    @Test
    void nobodyMayDoNothing() {
        for (Permission permission : Permission.values()) {
            assertForbidden(() -> Access.nobody("10.0.0.1").require(permission), "nobody");
        }
    }
}
