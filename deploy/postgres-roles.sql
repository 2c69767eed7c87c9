-- Two roles: the one that ran "JitAccess.Web --migrate" owns the tables; the application's own may use them and rewrite no history.
-- Run by the owner in JitAccess's database after each migration; running it again changes nothing. Then give the application's login the role:
--   create role jitaccess_login login password '…' in role jitaccess_application;

do $$
begin
    if not exists (select from pg_roles where rolname = 'jitaccess_application') then
        create role jitaccess_application nologin;
    end if;
end $$;

grant usage on schema public to jitaccess_application;
grant select, insert, update, delete on all tables in schema public to jitaccess_application;
revoke all on "__EFMigrationsHistory" from jitaccess_application;
grant select on "__EFMigrationsHistory" to jitaccess_application;

-- The audit is written and read. The tables of its months are reached through audit_entries alone.
do $$
declare
    part regclass;
begin
    for part in select inhrelid::regclass from pg_inherits where inhparent = 'audit_entries'::regclass loop
        execute format('revoke all on %s from jitaccess_application', part);
    end loop;
end $$;
revoke update, delete on audit_entries, audit_blocks, audit_seals from jitaccess_application;
-- What waits for its seal is written by a trigger and taken away when it is sealed.
revoke update on audit_waiting from jitaccess_application;

-- What was published stays as it was published.
revoke update, delete on policy_sets from jitaccess_application;

-- Only for the application: it makes the tables of the next months, as their owner would.
revoke execute on function make_audit_months() from public;
grant execute on function make_audit_months() to jitaccess_application;
