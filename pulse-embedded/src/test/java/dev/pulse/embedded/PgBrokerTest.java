package dev.pulse.embedded;

import dev.pulse.localpostgres.SharedPostgres;
import dev.pulse.sdk.BrokerContract;
import dev.pulse.sdk.BrokerFixture;
import dev.pulse.storepostgres.PgConfig;
import dev.pulse.storepostgres.PgStores;

class PgBrokerTest extends BrokerContract {
    /** Made by the first test that needs it; each test works on a copy. */
    private static final class Template {
        static final String NAME = make();

        private static String make() {
            String url = SharedPostgres.freshDatabase();
            PgStores.open(PgConfig.defaults(url)).close();
            String path = url.substring(url.lastIndexOf('/') + 1);
            return path.contains("?") ? path.substring(0, path.indexOf('?')) : path;
        }
    }

    @Override
    protected BrokerFixture fixture() {
        PgStores store =
                PgStores.open(PgConfig.defaults(SharedPostgres.route(SharedPostgres.freshDatabase(Template.NAME))));
        return new EngineFixture(store.stores(), store.hints(), store::close);
    }
}
