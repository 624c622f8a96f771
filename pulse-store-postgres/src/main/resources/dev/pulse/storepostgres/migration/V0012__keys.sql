-- API keys, and failures to sign in.

create table pulse.api_key (
    seq          bigint generated always as identity unique,  -- the order of lists
    id           text primary key,                            -- the part of the key that finds it
    hash         bytea not null check (octet_length(hash) = 32),  -- SHA-256 of the rest, which is random
    name         text not null,
    rights       text not null,                               -- role+role@queue|queue*
    created_at   timestamptz not null,
    created_by   text not null,
    expires_at   timestamptz,
    revoked_at   timestamptz,
    revoked_by   text,
    last_used_at timestamptz,
    check ((revoked_at is null) = (revoked_by is null))
);

-- Addresses and accounts fall into a fixed number of buckets, so that made-up names make no more rows than that.
create table pulse.sign_in_failure (
    kind      text not null check (kind in ('address', 'account')),
    bucket    int not null,
    failures  bigint not null check (failures > 0),           -- less those that time has forgiven
    at        timestamptz not null,                           -- of the last one
    told_at   timestamptz,                                    -- when one was last written into the audit log
    primary key (kind, bucket)
) with (fillfactor = 70);
create index sign_in_failure_age on pulse.sign_in_failure using brin (at);
