using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace JitAccess.Web.Data.Migrations
{
    /// <inheritdoc />
    public partial class AuditMonths : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // Entries lie by month, told by their ids, which rise with time (UUID version 7): so an entry is found by its id alone in one table of a month.
            // What is there already becomes the first part, as it is; nothing is copied.
            migrationBuilder.Sql("""
                create function audit_id_at(at timestamptz) returns uuid language sql immutable as $$
                    select (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '00000000000000000000')::uuid
                $$;

                create function make_audit_months() returns int language plpgsql security definer set search_path from current set lock_timeout = '2s' as $$
                declare
                    month timestamp;
                    name text;
                    made int := 0;
                begin
                    for ahead in 0..2 loop
                        month := date_trunc('month', now() at time zone 'UTC') + make_interval(months => ahead);
                        name := 'audit_entries_' || to_char(month, 'YYYY_MM');
                        continue when to_regclass(name) is not null;
                        begin
                            -- Made beside and attached: whoever reads the audit for long is not waited for, and nobody waits for this.
                            execute format('create table %I (like audit_entries including defaults including constraints)', name);
                            execute format('alter table audit_entries attach partition %I for values from (%L) to (%L)', name, audit_id_at(month at time zone 'UTC'), audit_id_at((month + interval '1 month') at time zone 'UTC'));
                            execute format('create trigger append_only before update or delete or truncate on %I for each statement execute function refuse_rewriting()', name);
                            execute format('alter table %I enable always trigger append_only', name);
                            made := made + 1;
                        exception when lock_not_available or check_violation or invalid_object_definition or duplicate_table then
                            -- Somebody holds the audit, the first part reaches into this month, or entries of it are in the part for everything else: so they stay there.
                            null;
                        end;
                    end loop;
                    return made;
                end $$;

                drop trigger append_only on audit_entries;
                drop trigger wait_for_seal on audit_entries;
                drop trigger announce on audit_entries;
                alter table audit_entries rename to audit_entries_first;
                do $$
                declare
                    one record;
                begin
                    for one in select indexname from pg_indexes where schemaname = current_schema() and tablename = 'audit_entries_first' loop
                        execute format('alter index %I rename to %I', one.indexname, one.indexname || '_first');
                    end loop;
                end $$;

                create table audit_entries (like audit_entries_first including defaults including constraints) partition by range (id);
                alter table audit_entries add constraint pk_audit_entries primary key (id);
                create index ix_audit_entries_at_id on audit_entries (at, id);
                create index ix_audit_entries_subject on audit_entries (subject);
                create index ix_audit_entries_actor_at on audit_entries (actor, at);
                create index ix_audit_entries_action_at on audit_entries (action, at);
                create index ix_audit_entries_node_id_at on audit_entries (node_id, at);
                create index ix_audit_entries_policy_set_version_at on audit_entries (policy_set_version, at);
                create index ix_audit_entries_why on audit_entries using gin (to_tsvector('simple', why));
                create table audit_entries_other partition of audit_entries default;

                do $$
                declare
                    until uuid := audit_id_at(date_trunc('month', now() at time zone 'UTC') at time zone 'UTC' + interval '1 month');
                begin
                    if not exists (select from audit_entries_first) then
                        drop table audit_entries_first;
                    else
                        -- Ids of later, of a clock that ran ahead, go where they belong.
                        with later as (delete from audit_entries_first where id >= until returning *) insert into audit_entries select * from later;
                        execute format('alter table audit_entries attach partition audit_entries_first for values from (minvalue) to (%L)', until);
                        create trigger append_only before update or delete or truncate on audit_entries_first for each statement execute function refuse_rewriting();
                        alter table audit_entries_first enable always trigger append_only;
                    end if;
                end $$;

                create trigger append_only before update or delete or truncate on audit_entries for each statement execute function refuse_rewriting();
                alter table audit_entries enable always trigger append_only;
                create trigger append_only before update or delete or truncate on audit_entries_other for each statement execute function refuse_rewriting();
                alter table audit_entries_other enable always trigger append_only;
                create trigger wait_for_seal after insert on audit_entries referencing new table as written for each statement execute function wait_for_seal();
                create trigger announce after insert on audit_entries for each statement execute function announce_audit();
                select make_audit_months();
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("""
                drop trigger append_only on audit_entries;
                drop trigger wait_for_seal on audit_entries;
                drop trigger announce on audit_entries;
                create table audit_entries_whole (like audit_entries including defaults including constraints);
                insert into audit_entries_whole select * from audit_entries;
                drop table audit_entries;
                drop function make_audit_months, audit_id_at;
                alter table audit_entries_whole rename to audit_entries;
                alter table audit_entries add constraint pk_audit_entries primary key (id);
                create index ix_audit_entries_at_id on audit_entries (at, id);
                create index ix_audit_entries_subject on audit_entries (subject);
                create index ix_audit_entries_actor_at on audit_entries (actor, at);
                create index ix_audit_entries_action_at on audit_entries (action, at);
                create index ix_audit_entries_node_id_at on audit_entries (node_id, at);
                create index ix_audit_entries_policy_set_version_at on audit_entries (policy_set_version, at);
                create index ix_audit_entries_why on audit_entries using gin (to_tsvector('simple', why));
                create trigger append_only before update or delete or truncate on audit_entries for each statement execute function refuse_rewriting();
                alter table audit_entries enable always trigger append_only;
                create trigger wait_for_seal after insert on audit_entries referencing new table as written for each statement execute function wait_for_seal();
                create trigger announce after insert on audit_entries for each statement execute function announce_audit();
                """);
        }
    }
}
