-- Which store this is. An insert names the store that it is meant for, so that a connection of a caller's own that reaches
-- another one is refused.
alter table pulse.control add column identity uuid not null default gen_random_uuid();
