package dev.pulse.sdk;

import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * What {@link EmbeddedOptions} came to.
 *
 * @param name of this process, for the list of servers and the history of canceled jobs
 * @param schema where the tables lie
 * @param migrate whether to bring the schema to this version, or only to check it
 * @param ownConnections where connections outside the application's pool come from, or null to find out
 * @param dataConnections for submits, claims and reports
 * @param queryConnections for lists and counts
 * @param allowUnsafeDurability start although the cluster does not flush commits
 */
public record EmbeddedSettings(
        String name,
        String schema,
        boolean migrate,
        @Nullable DataSource ownConnections,
        int dataConnections,
        int queryConnections,
        boolean allowUnsafeDurability) {}
