using System.Text;
using System.Text.Json;
using JitAccess.Domain;
using JitAccess.Domain.Audit;
using JitAccess.Web.Audit;
using JitAccess.Web.Audit.Export;
using JitAccess.Web.Tests.Data;

namespace JitAccess.Web.Tests.Audit;

public sealed class AuditExportTests
{
    [Theory]
    [InlineData(ExportFormat.Csv)]
    [InlineData(ExportFormat.JsonLines)]
    [InlineData(ExportFormat.Ocsf)]
    public async Task Export_HandsOutEveryEntryOnceAndSaysHowMany(ExportFormat format)
    {
        await using TestWorld world = await TestWorld.CreateEmptyAsync();
        // More than are asked for at once, all of one instant.
        const int count = (2 * AuditExport.EntriesAtOnce) + 1;
        Guid[] written = await world.WriteAsync([.. Enumerable.Range(0, count).Select(number => $"Entry {number}.")]);
        world.Clock.Advance(TimeSpan.FromSeconds(1));

        string[] lines = (await ExportAsync(world, new AuditFilter(), format)).Split('\n');

        Assert.Equal("", lines[^1]);
        string end = lines[^2];
        IEnumerable<string> ids = format switch
        {
            ExportFormat.Csv => lines[1..^2].Select(line => line[..36]),
            ExportFormat.JsonLines => lines[..^2].Select(line => JsonDocument.Parse(line).RootElement.GetProperty("id").GetString()!),
            ExportFormat.Ocsf => lines[..^2].Select(line => JsonDocument.Parse(line).RootElement.GetProperty("metadata").GetProperty("uid").GetString()!),
        };
        Assert.Equal(written.Order().Select(id => id.ToString()), ids);
        Assert.Contains(format switch
        {
            ExportFormat.Csv => $"end,{count},,,,,,,,,,,,,",
            _ => $"\"end\":true,\"entries\":{count}",
        }, end, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_LeavesAnEntryThatKeepsTheFilter_AndIsNotInItself()
    {
        await using TestWorld world = await TestWorld.CreateEmptyAsync();
        await world.WriteAsync("One.");
        world.Clock.Advance(TimeSpan.FromSeconds(1));
        AuditFilter filter = new() { Person = "admin", Actions = [nameof(AuditAction.PolicySetPublished)], From = new DateOnly(2026, 6, 1) };

        string file = await ExportAsync(world, filter, ExportFormat.JsonLines);

        Assert.Equal(2, file.TrimEnd().Split('\n').Length);
        Assert.Equal(
            ["auditor|192.0.2.7|Exported the entries from 2026-06-01, person “admin”, PolicySetPublished as JSON Lines.|JsonLines|2026-06-01|admin|PolicySetPublished"],
            await world.QueryAsync("select concat_ws('|', actor, actor_address, why, after ->> 'format', after #>> '{filter,from}', after #>> '{filter,person}', after #>> '{filter,actions,0}') from audit_entries where action = 'AuditExported'"));
    }

    [Fact]
    public async Task Export_ForNeitherAdminNorAuditor_IsRefusedAndRecordsNothing()
    {
        await using TestWorld world = await TestWorld.CreateEmptyAsync();
        RefusedException refusal = await Assert.ThrowsAsync<RefusedException>(() => world.Here.Get<AuditExport>().BeginAsync(TestPeople.Requester, new AuditFilter(), ExportFormat.Csv, TestWorld.Cancellation));
        Assert.Equal((RefusalKind.NotFound, 0), (refusal.Kind, await world.CountAsync("audit_entries")));
    }

    [Fact]
    public async Task Csv_IsSafeInASpreadsheet()
    {
        await using TestWorld world = await TestWorld.CreateEmptyAsync();
        await world.WriteAsync("=HYPERLINK(\"http://x\",\"y\")", "+1", "-1", "@a", "\tb", "two\nlines, and \"quotes\"", "plain");
        world.Clock.Advance(TimeSpan.FromSeconds(1));
        string file = await ExportAsync(world, new AuditFilter(), ExportFormat.Csv);
        foreach (string cell in new[] { ",\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\",,\n", ",'+1,,\n", ",'-1,,\n", ",'@a,,\n", ",'\tb,,\n", ",\"two\nlines, and \"\"quotes\"\"\",,\n", ",plain,,\n" })
            Assert.Contains(cell, file, StringComparison.Ordinal);
        Assert.Contains(",\"{\"\"a\"\": \"\"é\"\", \"\"b\"\": 1.50}\",[],2,", file, StringComparison.Ordinal);
        Assert.StartsWith("id,at,actor,actor_name,actor_identity,actor_address,action,subject,node_id,before,after,policy_set_version,why,block,position\n", file, StringComparison.Ordinal);
    }

    [Fact]
    public async Task JsonLines_HoldEveryColumnAsStored()
    {
        await using TestWorld world = await TestWorld.CreateEmptyAsync();
        Guid id = (await world.WriteAsync("Line\nbreak and é."))[0];
        await world.Here.SealAsync();
        world.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(
            $$"""
            {"id":"{{id}}","at":"2026-06-01T09:00:00.000000Z","actor":"admin","actorName":"admin","actorIdentity":"arn:aws:iam::111111111111:role/jit-admin","actorAddress":"192.0.2.7","action":"PolicySetPublished","subject":"subject","nodeId":"i-0a1b2c3d4e5f60718","before":{"a": "é", "b": 1.50},"after":[],"policySetVersion":2,"why":"Line\nbreak and é.","block":1,"position":0}
            {"end":true,"entries":1}

            """, await ExportAsync(world, new AuditFilter(), ExportFormat.JsonLines));
    }

    private static async Task<string> ExportAsync(TestWorld world, AuditFilter filter, ExportFormat format)
    {
        AuditExport export = world.Here.Get<AuditExport>();
        DateTimeOffset before = await export.BeginAsync(TestPeople.Auditor, filter, format, TestWorld.Cancellation);
        await using MemoryStream file = new();
        await export.WriteAsync(file, filter, before, format, TestWorld.Cancellation);
        return Encoding.UTF8.GetString(file.ToArray());
    }
}
