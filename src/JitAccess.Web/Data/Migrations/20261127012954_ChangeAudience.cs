using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace JitAccess.Web.Data.Migrations
{
    /// <inheritdoc />
    public partial class ChangeAudience : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // A change is announced with whom it concerns (topic:id|audience), so that only their open pages look again. The audience is the requester and
            // whoever is named as an approver; more than a notification can hold is left out, which wakes everybody.
            migrationBuilder.Sql("""
                create function announce(topic text, thing uuid, audience text[]) returns void language plpgsql as $$
                declare
                    payload text := topic || ':' || thing;
                    addressed text := payload || '|' || array_to_json(audience)::text;
                begin
                    perform pg_notify('jitaccess_changes', case when audience is null or octet_length(addressed) > 7000 then payload else addressed end);
                end $$;

                create or replace function announce_request() returns trigger language plpgsql as $$
                begin
                    perform announce('requests', new.id, array_append(new.approver_keys, 'person:' || new.requester));
                    return null;
                end $$;

                create or replace function announce_grant() returns trigger language plpgsql as $$
                declare
                    audience text[];
                begin
                    select array_append(r.approver_keys, 'person:' || r.requester) into audience from requests r where r.id = new.request_id;
                    perform announce('grants', new.id, audience);
                    perform announce('requests', new.request_id, audience);
                    return null;
                end $$;

                create or replace function announce_session() returns trigger language plpgsql as $$
                declare
                    request uuid;
                    audience text[];
                begin
                    select r.id, array_append(r.approver_keys, 'person:' || r.requester) into request, audience
                    from grants g join requests r on r.id = g.request_id where g.id = new.grant_id;
                    perform announce('sessions', new.id, audience);
                    perform announce('grants', new.grant_id, audience);
                    perform announce('requests', request, audience);
                    return null;
                end $$;
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("""
                create or replace function announce_request() returns trigger language plpgsql as $$
                begin
                    perform pg_notify('jitaccess_changes', 'requests:' || new.id);
                    return null;
                end $$;

                create or replace function announce_grant() returns trigger language plpgsql as $$
                begin
                    perform pg_notify('jitaccess_changes', 'grants:' || new.id);
                    perform pg_notify('jitaccess_changes', 'requests:' || new.request_id);
                    return null;
                end $$;

                create or replace function announce_session() returns trigger language plpgsql as $$
                begin
                    perform pg_notify('jitaccess_changes', 'sessions:' || new.id);
                    perform pg_notify('jitaccess_changes', 'grants:' || new.grant_id);
                    perform pg_notify('jitaccess_changes', 'requests:' || g.request_id) from grants g where g.id = new.grant_id;
                    return null;
                end $$;

                drop function announce(text, uuid, text[]);
                """);
        }
    }
}
