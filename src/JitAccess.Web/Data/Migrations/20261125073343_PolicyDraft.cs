using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace JitAccess.Web.Data.Migrations
{
    /// <inheritdoc />
    public partial class PolicyDraft : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "policy_draft",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false),
                    based_on = table.Column<int>(type: "integer", nullable: false),
                    revision = table.Column<Guid>(type: "uuid", nullable: false),
                    started_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    changed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    editors = table.Column<string>(type: "jsonb", nullable: false),
                    edits = table.Column<string>(type: "jsonb", nullable: false),
                    suggested_comment = table.Column<string>(type: "text", nullable: false),
                    policies = table.Column<string>(type: "jsonb", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_policy_draft", x => x.id);
                    table.CheckConstraint("ck_policy_draft_only_one", "id = 1");
                });
            // The draft is announced like a version (see the first migration), its end too.
            migrationBuilder.Sql("""
                create function announce_policy_draft() returns trigger language plpgsql as $$
                begin
                    perform pg_notify('jitaccess_changes', 'policies:draft');
                    return null;
                end $$;
                create trigger announce after insert or update or delete on policy_draft for each row execute function announce_policy_draft();
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "policy_draft");

            migrationBuilder.Sql("drop function announce_policy_draft;");
        }
    }
}
