using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace JitAccess.Web.Data.Migrations
{
    /// <inheritdoc />
    public partial class BreakGlass : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "broke_glass",
                table: "requests",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.CreateIndex(
                name: "ix_requests_broke_glass",
                table: "requests",
                column: "broke_glass",
                filter: "broke_glass");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_requests_broke_glass",
                table: "requests");

            migrationBuilder.DropColumn(
                name: "broke_glass",
                table: "requests");
        }
    }
}
