package dev.pulse.embedded;

import dev.pulse.sdk.BrokerFixture;
import dev.pulse.sdk.EventClientContract;
import dev.pulse.storememory.MemoryHints;
import dev.pulse.storememory.MemoryStores;
import java.time.InstantSource;
import java.util.Random;

class MemoryEventClientTest extends EventClientContract {
    @Override
    protected BrokerFixture fixture() {
        return new EngineFixture(
                new MemoryStores(InstantSource.system(), new Random()).stores(), new MemoryHints(), () -> {});
    }
}
