using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace JitAccess.Web.Data.Migrations
{
    /// <inheritdoc />
    public partial class ScheduleAndExtend : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ux_grants_one_living_per_person_and_node",
                table: "grants");

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "asked_start",
                table: "requests",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "cancel_reason",
                table: "requests",
                type: "text",
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<Guid>(
                name: "extends",
                table: "requests",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "activated_at",
                table: "grants",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "is_scheduled",
                table: "grants",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<string>(
                name: "refusal_reason",
                table: "grants",
                type: "text",
                nullable: false,
                defaultValue: "");

            // What is there has opened at its start.
            migrationBuilder.Sql("update grants set activated_at = starts_at");

            migrationBuilder.CreateIndex(
                name: "ix_requests_extends",
                table: "requests",
                column: "extends",
                filter: "extends is not null");

            migrationBuilder.CreateIndex(
                name: "ix_grants_holder_node_id",
                table: "grants",
                columns: new[] { "holder", "node_id" },
                filter: "ended_at is null");

            migrationBuilder.CreateIndex(
                name: "ix_grants_starts_at",
                table: "grants",
                column: "starts_at",
                filter: "ended_at is null and activated_at is null");

            migrationBuilder.CreateIndex(
                name: "ux_grants_one_living_per_person_and_node",
                table: "grants",
                columns: new[] { "holder", "node_id", "is_scheduled" },
                unique: true,
                filter: "ended_at is null and (not is_scheduled or activated_at is null)");

            migrationBuilder.AddForeignKey(
                name: "fk_requests_grants_extends",
                table: "requests",
                column: "extends",
                principalTable: "grants",
                principalColumn: "id",
                onDelete: ReferentialAction.Restrict);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropForeignKey(
                name: "fk_requests_grants_extends",
                table: "requests");

            migrationBuilder.DropIndex(
                name: "ix_requests_extends",
                table: "requests");

            migrationBuilder.DropIndex(
                name: "ix_grants_holder_node_id",
                table: "grants");

            migrationBuilder.DropIndex(
                name: "ix_grants_starts_at",
                table: "grants");

            migrationBuilder.DropIndex(
                name: "ux_grants_one_living_per_person_and_node",
                table: "grants");

            migrationBuilder.DropColumn(
                name: "asked_start",
                table: "requests");

            migrationBuilder.DropColumn(
                name: "cancel_reason",
                table: "requests");

            migrationBuilder.DropColumn(
                name: "extends",
                table: "requests");

            migrationBuilder.DropColumn(
                name: "activated_at",
                table: "grants");

            migrationBuilder.DropColumn(
                name: "is_scheduled",
                table: "grants");

            migrationBuilder.DropColumn(
                name: "refusal_reason",
                table: "grants");

            migrationBuilder.CreateIndex(
                name: "ux_grants_one_living_per_person_and_node",
                table: "grants",
                columns: new[] { "holder", "node_id" },
                unique: true,
                filter: "ended_at is null");
        }
    }
}
