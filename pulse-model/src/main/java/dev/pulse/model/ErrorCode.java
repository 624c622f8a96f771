package dev.pulse.model;

/**
 * Every way in which Pulse says no. Number, name, HTTP status and gRPC status are promises: a golden file forbids
 * changing them, and {@code docs/errors.md} is generated from here.
 */
public enum ErrorCode {
    INVALID_FIELD(
            1001,
            Kind.CALLER,
            400,
            "INVALID_ARGUMENT",
            false,
            "A field is invalid",
            "Mend the named field and send again."),
    UNKNOWN_FIELD(
            1002,
            Kind.CALLER,
            400,
            "INVALID_ARGUMENT",
            false,
            "A field is unknown",
            "Remove it, or use the nearest known name that the message gives."),
    MALFORMED_BODY(
            1003,
            Kind.CALLER,
            400,
            "INVALID_ARGUMENT",
            false,
            "The body cannot be read",
            "Send one JSON document in UTF-8."),
    INVALID_ID(
            1004,
            Kind.CALLER,
            400,
            "INVALID_ARGUMENT",
            false,
            "The id is malformed",
            "Ids are UUIDs as Pulse printed them."),
    INVALID_QUERY(
            1005,
            Kind.CALLER,
            400,
            "INVALID_ARGUMENT",
            false,
            "A query parameter is invalid",
            "The message lists what is allowed."),
    UNSUPPORTED_MEDIA_TYPE(
            1006,
            Kind.CALLER,
            415,
            "INVALID_ARGUMENT",
            false,
            "The body is not JSON",
            "Send content-type application/json."),
    CROSS_SITE(
            1007,
            Kind.CALLER,
            403,
            "PERMISSION_DENIED",
            false,
            "Cross-site request refused",
            "Call the API from a program, or from Pulse's own pages."),
    MALFORMED_REQUEST(
            1008,
            Kind.CALLER,
            400,
            "INVALID_ARGUMENT",
            false,
            "The request is malformed",
            "Check the request line and the headers."),

    JOB_NOT_FOUND(
            1101,
            Kind.CALLER,
            404,
            "NOT_FOUND",
            false,
            "No such job",
            "It may have been deleted, or its retention has passed."),
    ROUTE_NOT_FOUND(1102, Kind.CALLER, 404, "NOT_FOUND", false, "No such route", "See /openapi.json for the routes."),
    SESSION_NOT_FOUND(1103, Kind.CALLER, 404, "NOT_FOUND", false, "No such session", "Open a session first."),
    METHOD_NOT_ALLOWED(
            1104,
            Kind.CALLER,
            405,
            "UNIMPLEMENTED",
            false,
            "Method not allowed",
            "The Allow header names the methods."),
    OPERATION_NOT_FOUND(
            1105,
            Kind.CALLER,
            404,
            "NOT_FOUND",
            false,
            "No such operation",
            "Operations that ended are kept for 30 days; the audit log tells of them for good."),
    SUBSCRIPTION_NOT_FOUND(
            1121,
            Kind.CALLER,
            404,
            "NOT_FOUND",
            false,
            "No such subscription",
            "Make it first; a deleted one begins anew."),
    BUNDLE_NOT_FOUND(
            1131,
            Kind.CALLER,
            404,
            "NOT_FOUND",
            false,
            "No such bundle",
            "It may have been deleted, or its retention has passed."),

    SCHEDULE_NOT_FOUND(
            1141,
            Kind.CALLER,
            404,
            "NOT_FOUND",
            false,
            "No such schedule",
            "It may have been deleted; list the schedules."),

    API_KEY_NOT_FOUND(
            1151,
            Kind.CALLER,
            404,
            "NOT_FOUND",
            false,
            "No such API key",
            "List the keys; ended ones are listed for 90 days."),

    ILLEGAL_STATUS(
            2001,
            Kind.CALLER,
            409,
            "FAILED_PRECONDITION",
            false,
            "Not legal in this status",
            "The message names the job's status; look at the job and decide again."),
    ID_CONFLICT(
            2002,
            Kind.CALLER,
            409,
            "ALREADY_EXISTS",
            false,
            "The id is taken by other content",
            "Use a new id, or send the same content again."),
    KEY_CONFLICT(
            2003,
            Kind.CALLER,
            409,
            "ALREADY_EXISTS",
            false,
            "The key is taken by other content",
            "Wait for the named job, or use another key."),
    SESSION_ENDED(
            2004,
            Kind.CALLER,
            409,
            "FAILED_PRECONDITION",
            false,
            "The session has ended",
            "Stop its handlers and open a new session."),
    NAME_CONFLICT(
            2005,
            Kind.CALLER,
            409,
            "ALREADY_EXISTS",
            false,
            "The name is taken",
            "Edit the schedule that has it, or use another name."),
    VERSION_CONFLICT(
            2006,
            Kind.CALLER,
            409,
            "ABORTED",
            false,
            "Changed by somebody else",
            "Read it again, and edit what it is now."),
    CONNECTION_UNUSABLE(
            2011,
            Kind.CALLER,
            409,
            "FAILED_PRECONDITION",
            false,
            "The connection cannot take part",
            "Give an open connection to Pulse's own database, with a healthy transaction that may write."),
    LEASE_LOST(
            2012,
            Kind.CALLER,
            409,
            "FAILED_PRECONDITION",
            false,
            "The lease is lost",
            "Roll the transaction back: the attempt has ended, and the job may run elsewhere."),
    SUBSCRIPTION_CONFLICT(
            2021,
            Kind.CALLER,
            409,
            "ALREADY_EXISTS",
            false,
            "The subscription exists with another filter",
            "Use the same filter, another name, or delete the old one."),

    UNAUTHENTICATED(
            3001,
            Kind.CALLER,
            401,
            "UNAUTHENTICATED",
            false,
            "Not signed in",
            "Give a user and password, or an API key."),
    FORBIDDEN(
            3002,
            Kind.CALLER,
            403,
            "PERMISSION_DENIED",
            false,
            "Not allowed",
            "Ask for the role that the message names."),

    PAYLOAD_TOO_LARGE(
            4001,
            Kind.RESOURCE,
            413,
            "RESOURCE_EXHAUSTED",
            false,
            "The payload is too large",
            "Store the data elsewhere and submit a reference."),
    BODY_TOO_LARGE(
            4002,
            Kind.RESOURCE,
            413,
            "RESOURCE_EXHAUSTED",
            false,
            "The request is too large",
            "Send fewer or smaller jobs a call."),
    TOO_MANY_ITEMS(
            4003, Kind.RESOURCE, 413, "RESOURCE_EXHAUSTED", false, "Too many items in one call", "Split the call."),
    LIMIT_REACHED(
            4004,
            Kind.RESOURCE,
            429,
            "RESOURCE_EXHAUSTED",
            true,
            "A limit is reached",
            "Wait as long as Retry-After says."),

    DATABASE_UNAVAILABLE(
            5001,
            Kind.RESOURCE,
            503,
            "UNAVAILABLE",
            true,
            "The database is not reachable",
            "Nothing was stored. Send again in a while."),
    OUTCOME_UNKNOWN(
            5002,
            Kind.RESOURCE,
            503,
            "UNAVAILABLE",
            true,
            "The outcome is unknown",
            "The connection was lost during commit. Send the same id or key again: it is safe."),
    SHUTTING_DOWN(
            5003,
            Kind.RESOURCE,
            503,
            "UNAVAILABLE",
            true,
            "This server is shutting down",
            "Send again; another replica or the restarted server will answer."),
    UNREACHABLE(
            5004,
            Kind.RESOURCE,
            503,
            "UNAVAILABLE",
            true,
            "The server is not reachable",
            "Check the address and that the server runs."),
    DATABASE_UNSUITABLE(
            5005,
            Kind.RESOURCE,
            503,
            "FAILED_PRECONDITION",
            false,
            "The database is not suitable",
            "The message says which setting or version is at fault."),
    CONFIGURATION(
            5006, Kind.CALLER, 400, "INVALID_ARGUMENT", false, "The configuration is invalid", "Mend the named key."),
    TIMED_OUT(
            5007,
            Kind.RESOURCE,
            504,
            "DEADLINE_EXCEEDED",
            true,
            "No answer in time",
            "Send again with the same id or key: it is safe."),
    TRANSACTION_FAILED(
            5011,
            Kind.RESOURCE,
            503,
            "UNAVAILABLE",
            true,
            "The caller's transaction failed",
            "Nothing of it was stored. Roll it back and run the whole transaction again."),

    INTERNAL(
            9001,
            Kind.INTERNAL,
            500,
            "INTERNAL",
            false,
            "Internal error",
            "This is a defect in Pulse. The server's log has the details under the id that the message gives.");

    /** Who has to act. */
    public enum Kind {
        CALLER,
        RESOURCE,
        INTERNAL
    }

    private final int number;
    private final Kind kind;
    private final int httpStatus;
    private final String grpcStatus;
    private final boolean retryable;
    private final String title;
    private final String remedy;

    ErrorCode(
            int number, Kind kind, int httpStatus, String grpcStatus, boolean retryable, String title, String remedy) {
        this.number = number;
        this.kind = kind;
        this.httpStatus = httpStatus;
        this.grpcStatus = grpcStatus;
        this.retryable = retryable;
        this.title = title;
        this.remedy = remedy;
    }

    /** The stable text of the code at every door, for example {@code PULSE-1001}. */
    public String wireName() {
        return "PULSE-" + number;
    }

    /** The code that a door wrote as {@code PULSE-n}; {@link #INTERNAL} for a text that this version does not know. */
    public static ErrorCode fromWire(String wireName) {
        for (ErrorCode code : values()) {
            if (code.wireName().equals(wireName)) {
                return code;
            }
        }
        return INTERNAL;
    }

    public Kind kind() {
        return kind;
    }

    public int httpStatus() {
        return httpStatus;
    }

    /** The canonical gRPC status, by name, so that this module needs no gRPC. */
    public String grpcStatus() {
        return grpcStatus;
    }

    /** Whether sending the very same request again may succeed. */
    public boolean retryable() {
        return retryable;
    }

    public String title() {
        return title;
    }

    /** What the reader can do next. */
    public String remedy() {
        return remedy;
    }
}
