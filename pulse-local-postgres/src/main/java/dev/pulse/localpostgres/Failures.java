package dev.pulse.localpostgres;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Says in words what the JDK's file exceptions say only by their class. */
final class Failures {
    private Failures() {}

    static String reason(IOException failure) {
        if (failure instanceof AccessDeniedException e) {
            return "permission denied on " + e.getFile();
        }
        if (failure instanceof NoSuchFileException e) {
            return e.getFile() + " does not exist";
        }
        if (failure instanceof FileAlreadyExistsException e) {
            return e.getFile() + " exists and is not a folder";
        }
        if (failure instanceof FileSystemException e && e.getReason() != null) {
            return e.getReason() + " (" + e.getFile() + ")";
        }
        return String.valueOf(failure.getMessage());
    }
}
