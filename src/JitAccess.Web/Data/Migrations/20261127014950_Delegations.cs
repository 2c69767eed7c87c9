using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace JitAccess.Web.Data.Migrations
{
    /// <inheritdoc />
    public partial class Delegations : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "in_place_of",
                table: "reviews",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "in_place_of_name",
                table: "reviews",
                type: "text",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "delegations",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    delegator = table.Column<string>(type: "text", nullable: false),
                    delegator_name = table.Column<string>(type: "text", nullable: false),
                    stand_in = table.Column<string>(type: "text", nullable: false),
                    stand_in_name = table.Column<string>(type: "text", nullable: false),
                    from = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    note = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ended_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    ended_by_name = table.Column<string>(type: "text", nullable: true),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_delegations", x => x.id);
                });

            migrationBuilder.CreateIndex(
                name: "ix_reviews_request_id_in_place_of",
                table: "reviews",
                columns: new[] { "request_id", "in_place_of" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_delegations_delegator_until",
                table: "delegations",
                columns: new[] { "delegator", "until" });

            migrationBuilder.CreateIndex(
                name: "ix_delegations_stand_in_until",
                table: "delegations",
                columns: new[] { "stand_in", "until" },
                filter: "ended_at is null");

            // Who stands in for somebody looks again whenever anything changes that concerns anybody: whose seat it is about only the reader knows.
            migrationBuilder.Sql("""
                create or replace function announce(topic text, thing uuid, audience text[]) returns void language plpgsql as $$
                declare
                    payload text := topic || ':' || thing;
                    addressed text := payload || '|' || array_to_json(audience || array(select distinct 'person:' || d.stand_in from delegations d where d.ended_at is null and d."from" <= now() and d.until > now()))::text;
                begin
                    perform pg_notify('jitaccess_changes', case when audience is null or octet_length(addressed) > 7000 then payload else addressed end);
                end $$;

                create function announce_delegation() returns trigger language plpgsql as $$
                begin
                    perform pg_notify('jitaccess_changes', 'delegations:' || new.id || '|' || array_to_json(array['person:' || new.delegator, 'person:' || new.stand_in])::text);
                    return null;
                end $$;
                create trigger announce after insert or update on delegations for each row execute function announce_delegation();
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("""
                create or replace function announce(topic text, thing uuid, audience text[]) returns void language plpgsql as $$
                declare
                    payload text := topic || ':' || thing;
                    addressed text := payload || '|' || array_to_json(audience)::text;
                begin
                    perform pg_notify('jitaccess_changes', case when audience is null or octet_length(addressed) > 7000 then payload else addressed end);
                end $$;
                drop function announce_delegation cascade;
                """);

            migrationBuilder.DropTable(
                name: "delegations");

            migrationBuilder.DropIndex(
                name: "ix_reviews_request_id_in_place_of",
                table: "reviews");

            migrationBuilder.DropColumn(
                name: "in_place_of",
                table: "reviews");

            migrationBuilder.DropColumn(
                name: "in_place_of_name",
                table: "reviews");
        }
    }
}
