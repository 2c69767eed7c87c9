using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace JitAccess.Web.Data.Migrations
{
    /// <inheritdoc />
    public partial class AuditAppendOnly : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // Always: replication mode (session_replication_role) does not go around it.
            migrationBuilder.Sql("""
                create function refuse_rewriting() returns trigger language plpgsql as $$
                begin
                    raise exception '% is append-only: % is refused', tg_table_name, lower(tg_op) using errcode = 'insufficient_privilege';
                end $$;
                create trigger append_only before update or delete or truncate on audit_entries for each statement execute function refuse_rewriting();
                alter table audit_entries enable always trigger append_only;
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("""
                drop trigger append_only on audit_entries;
                drop function refuse_rewriting;
                """);
        }
    }
}
