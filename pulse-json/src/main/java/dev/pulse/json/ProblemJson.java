package dev.pulse.json;

import dev.pulse.model.ErrorCode;
import dev.pulse.model.PulseException;

/** Refusals and trouble as {@code application/problem+json} (RFC 9457). */
public final class ProblemJson {
    public static final String CONTENT_TYPE = "application/problem+json";

    public static final Schema SHAPE = Schema.object()
            .has("code", Schema.oneOf(ErrorCode.values(), ErrorCode::wireName).says("stable; see docs/errors.md"))
            .has("title", Schema.text())
            .has("status", Schema.whole(400, 599))
            .has("detail", Schema.text())
            .has("remedy", Schema.text().says("what the caller can do"))
            .may("field", Schema.text().says("the first field at fault"))
            .may(
                    "errors",
                    Schema.list(Schema.object()
                            .has("field", Schema.text())
                            .has("message", Schema.text())
                            .named("FieldProblem")))
            .named("Problem");

    private ProblemJson() {}

    public static byte[] problem(PulseException reason) {
        return Out.object(out -> write(out, reason));
    }

    static void write(Out out, PulseException reason) {
        out.text("code", reason.code().wireName());
        out.text("title", reason.code().title());
        out.number("status", reason.code().httpStatus());
        out.text("detail", reason.getMessage());
        out.text("remedy", reason.code().remedy());
        if (!reason.violations().isEmpty()) {
            out.text("field", reason.field());
            out.objects("errors", reason.violations(), (item, violation) -> {
                item.text("field", violation.field());
                item.text("message", violation.message());
            });
        }
    }
}
