using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace JitAccess.Web.Data.Migrations
{
    /// <inheritdoc />
    public partial class AuditReading : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "audit_anchors",
                columns: table => new
                {
                    name = table.Column<string>(type: "text", nullable: false),
                    block = table.Column<long>(type: "bigint", nullable: false),
                    kept_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    due_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    error = table.Column<string>(type: "text", nullable: true),
                    failing_since = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_audit_anchors", x => x.name);
                });

            migrationBuilder.CreateIndex(
                name: "ix_audit_entries_action_at",
                table: "audit_entries",
                columns: new[] { "action", "at" });

            migrationBuilder.CreateIndex(
                name: "ix_audit_entries_actor_at",
                table: "audit_entries",
                columns: new[] { "actor", "at" });

            migrationBuilder.CreateIndex(
                name: "ix_audit_entries_node_id_at",
                table: "audit_entries",
                columns: new[] { "node_id", "at" });

            migrationBuilder.CreateIndex(
                name: "ix_audit_entries_policy_set_version_at",
                table: "audit_entries",
                columns: new[] { "policy_set_version", "at" });

            // The words of the reason, for the page's search.
            migrationBuilder.Sql("create index ix_audit_entries_why on audit_entries using gin (to_tsvector('simple', why))");

            // One and the same text for every change: many in one transaction are told once.
            migrationBuilder.Sql("""
                create function announce_audit() returns trigger language plpgsql as $$
                begin
                    perform pg_notify('jitaccess_changes', 'audit:');
                    return null;
                end $$;
                create trigger announce after insert on audit_entries for each statement execute function announce_audit();
                create trigger announce after insert on audit_blocks for each statement execute function announce_audit();
                create trigger announce after insert or update on audit_anchors for each statement execute function announce_audit();
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("""
                drop trigger announce on audit_anchors;
                drop trigger announce on audit_blocks;
                drop trigger announce on audit_entries;
                drop function announce_audit;
                drop index ix_audit_entries_why;
                """);

            migrationBuilder.DropTable(
                name: "audit_anchors");

            migrationBuilder.DropIndex(
                name: "ix_audit_entries_action_at",
                table: "audit_entries");

            migrationBuilder.DropIndex(
                name: "ix_audit_entries_actor_at",
                table: "audit_entries");

            migrationBuilder.DropIndex(
                name: "ix_audit_entries_node_id_at",
                table: "audit_entries");

            migrationBuilder.DropIndex(
                name: "ix_audit_entries_policy_set_version_at",
                table: "audit_entries");
        }
    }
}
