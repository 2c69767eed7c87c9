using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace JitAccess.Web.Data.Migrations
{
    /// <inheritdoc />
    public partial class GrantRevoke : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "ended_by_name",
                table: "grants",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "revoke_reason",
                table: "grants",
                type: "character varying(256)",
                maxLength: 256,
                nullable: false,
                defaultValue: "");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "ended_by_name",
                table: "grants");

            migrationBuilder.DropColumn(
                name: "revoke_reason",
                table: "grants");
        }
    }
}
