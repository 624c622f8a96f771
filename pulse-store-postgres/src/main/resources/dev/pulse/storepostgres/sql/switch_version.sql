-- Makes a new version of the switches. Caller: PgSwitchStore, first in the transaction of each change.
-- A claim that begins after the commit and was made for an older version is granted nothing.
-- Locks: the control row, which makes the changes go one after the other. Index: control_pkey.
-- Claims read the row and never wait for it.
update pulse.control set switch_version = switch_version + 1 returning switch_version
