package dev.pulse.cli;

import dev.pulse.model.ErrorCode;

/** The exit codes of the contract, section 6. */
final class Exit {
    static final int OK = 0;
    static final int OTHER = 1;
    static final int USAGE = 2;
    static final int NOT_ALLOWED = 3;
    static final int NOT_FOUND = 4;
    static final int CONFLICT = 5;
    static final int UNREACHABLE = 6;
    static final int LIMIT = 7;

    private Exit() {}

    /** Follows the HTTP status, so that a new error code needs no decision here. */
    static int of(ErrorCode code) {
        return switch (code.httpStatus()) {
            case 401, 403 -> NOT_ALLOWED;
            case 404 -> NOT_FOUND;
            case 409 -> CONFLICT;
            case 413, 429 -> LIMIT;
            case 502, 503, 504 -> UNREACHABLE;
            case 400, 405, 415 -> USAGE;
            default -> OTHER;
        };
    }
}
