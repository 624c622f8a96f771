package dev.pulse.server;

import dev.pulse.json.SystemShapes;
import org.jspecify.annotations.Nullable;

/** The REST route that describes all routes. Made when somebody asks first, because few starts of a server see that. */
final class DescriptionRoutes {
    private final Router router;
    private volatile byte @Nullable [] document;

    DescriptionRoutes(Router router) {
        this.router = router;
    }

    void addTo(Router router) {
        router.add("GET", "/openapi.json", Rule.PUBLIC, 0, this::describe)
                .described("getOpenApi", "This description")
                .answers(200, SystemShapes.DOCUMENT, "OpenAPI 3.1");
    }

    private Reply describe(Call call) {
        call.allow();
        byte[] made = document;
        if (made == null) {
            made = OpenApi.document(router.operations());
            document = made;
        }
        return Reply.ok(made);
    }
}
