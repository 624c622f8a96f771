package dev.pulse.engine;

import dev.pulse.store.AuditStore;
import dev.pulse.store.BulkStore;
import dev.pulse.store.BundleStore;
import dev.pulse.store.EventStore;
import dev.pulse.store.HistoryStore;
import dev.pulse.store.JobStore;
import dev.pulse.store.KeyStore;
import dev.pulse.store.NoteStore;
import dev.pulse.store.ScheduleStore;
import dev.pulse.store.ServerStore;
import dev.pulse.store.SessionStore;
import dev.pulse.store.SignInStore;
import dev.pulse.store.Stores;
import dev.pulse.store.SwitchStore;
import dev.pulse.store.VitalsStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Stores that write down each call, and fail where a test says so: before the call, or after it was done. */
final class WatchedStores {
    /** What a test does to a call: returns what to throw, or null. */
    interface Fault extends Function<@Nullable Object[], @Nullable RuntimeException> {}

    private final Map<String, List<@Nullable Object[]>> calls = new HashMap<>();
    private final Map<String, Fault> before = new HashMap<>();
    private final Map<String, Fault> after = new HashMap<>();
    private final Stores stores;

    WatchedStores(Stores real) {
        stores = new Stores(
                watch(JobStore.class, real.jobs()),
                watch(SessionStore.class, real.sessions()),
                watch(ServerStore.class, real.servers()),
                watch(BundleStore.class, real.bundles()),
                watch(SwitchStore.class, real.switches()),
                watch(HistoryStore.class, real.history()),
                watch(EventStore.class, real.events()),
                watch(BulkStore.class, real.bulk()),
                watch(AuditStore.class, real.audit()),
                watch(NoteStore.class, real.notes()),
                watch(ScheduleStore.class, real.schedules()),
                watch(VitalsStore.class, real.vitals()),
                watch(KeyStore.class, real.keys()),
                watch(SignInStore.class, real.signIns()));
    }

    Stores stores() {
        return stores;
    }

    /** How often a method was called; {@code sessions.heartbeat} and the like by the method's name alone. */
    synchronized int count(String method) {
        return calls.getOrDefault(method, List.of()).size();
    }

    /** The first argument of the last call. */
    synchronized Object lastArgument(String method) {
        List<@Nullable Object[]> all = calls.getOrDefault(method, List.of());
        return Objects.requireNonNull(all.get(all.size() - 1)[0]);
    }

    synchronized void failBefore(String method, Fault fault) {
        before.put(method, fault);
    }

    synchronized void failAfter(String method, Fault fault) {
        after.put(method, fault);
    }

    synchronized void heal() {
        before.clear();
        after.clear();
    }

    /** Nothing works. */
    void down(RuntimeException trouble) {
        for (Class<?> port :
                List.of(JobStore.class, SessionStore.class, ServerStore.class, SwitchStore.class, EventStore.class)) {
            for (var method : port.getMethods()) {
                failBefore(method.getName(), arguments -> trouble);
            }
        }
    }

    private <T> T watch(Class<T> port, T real) {
        return port.cast(Proxy.newProxyInstance(
                port.getClassLoader(), new Class<?>[] {port}, (proxy, method, given) -> {
                    @Nullable Object[] arguments = given == null ? new Object[0] : given;
                    Fault first;
                    Fault last;
                    synchronized (this) {
                        calls.computeIfAbsent(method.getName(), name -> new ArrayList<>())
                                .add(arguments);
                        first = before.get(method.getName());
                        last = after.get(method.getName());
                    }
                    raise(first, arguments);
                    try {
                        Object answer = method.invoke(real, given);
                        raise(last, arguments);
                        return answer;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    private static void raise(@Nullable Fault fault, @Nullable Object[] arguments) {
        RuntimeException thrown = fault == null ? null : fault.apply(arguments);
        if (thrown != null) {
            throw thrown;
        }
    }
}
