using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace JitAccess.Web.Data.Migrations
{
    /// <inheritdoc />
    public partial class AuditSeals : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "audit_blocks",
                columns: table => new
                {
                    number = table.Column<long>(type: "bigint", nullable: false),
                    count = table.Column<int>(type: "integer", nullable: false),
                    root = table.Column<byte[]>(type: "bytea", nullable: false),
                    previous = table.Column<byte[]>(type: "bytea", nullable: false),
                    is_complete = table.Column<bool>(type: "boolean", nullable: false),
                    sealed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    hash = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_audit_blocks", x => x.number);
                });

            migrationBuilder.CreateTable(
                name: "audit_seals",
                columns: table => new
                {
                    block = table.Column<long>(type: "bigint", nullable: false),
                    position = table.Column<int>(type: "integer", nullable: false),
                    entry_id = table.Column<Guid>(type: "uuid", nullable: false),
                    leaf = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_audit_seals", x => new { x.block, x.position });
                });

            migrationBuilder.CreateTable(
                name: "audit_waiting",
                columns: table => new
                {
                    entry_id = table.Column<Guid>(type: "uuid", nullable: false),
                    number = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityAlwaysColumn)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_audit_waiting", x => x.entry_id);
                });

            migrationBuilder.CreateIndex(
                name: "ix_audit_seals_entry_id",
                table: "audit_seals",
                column: "entry_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_audit_waiting_number",
                table: "audit_waiting",
                column: "number");

            // The trigger first: it waits for open transactions that write entries, so that what is there afterwards is all that it missed.
            migrationBuilder.Sql("""
                create trigger append_only before update or delete or truncate on audit_blocks for each statement execute function refuse_rewriting();
                create trigger append_only before update or delete or truncate on audit_seals for each statement execute function refuse_rewriting();
                alter table audit_blocks enable always trigger append_only;
                alter table audit_seals enable always trigger append_only;

                create function wait_for_seal() returns trigger language plpgsql as $$
                begin
                    insert into audit_waiting (entry_id) select id from written;
                    return null;
                end $$;
                create trigger wait_for_seal after insert on audit_entries referencing new table as written for each statement execute function wait_for_seal();

                insert into audit_waiting (entry_id) select id from audit_entries order by at, id;
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("""
                drop trigger wait_for_seal on audit_entries;
                drop function wait_for_seal;
                """);

            migrationBuilder.DropTable(
                name: "audit_blocks");

            migrationBuilder.DropTable(
                name: "audit_seals");

            migrationBuilder.DropTable(
                name: "audit_waiting");
        }
    }
}
