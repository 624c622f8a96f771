-- Living keys by their job: retention leaves the job to which a key still leads.
create index job_key_expires on pulse.job_key (job_id) where expires_at is not null;
