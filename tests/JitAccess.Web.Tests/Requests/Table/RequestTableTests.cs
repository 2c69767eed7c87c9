using JitAccess.Domain.People;
using JitAccess.Web.Delegations;
using JitAccess.Web.Tests.Data;

namespace JitAccess.Web.Tests.Requests.Table;

public sealed class RequestTableTests
{
    private const string Begin = "<!-- The tables are written by RequestTableTests. -->\n";
    private const string Rewrite = "JITACCESS_WRITE_DOCS";

    [Fact]
    public async Task EveryCell_PageAndServiceAgree_AndTheDocumentSaysSo()
    {
        await using TestWorld world = await TestWorld.CreateEmptyAsync();
        await world.AddNodesAsync([.. TestNodes.All]);
        await world.PublishAsync(TableState.Policies);
        await StandInAsync(world);

        RequestTable table = new(world);
        (string tables, int cells) = await table.TryAllAsync();

        Assert.True(table.Problems.Count == 0, string.Join('\n', table.Problems));
        TestContext.Current.TestOutputHelper?.WriteLine($"{cells} cells tried.");
        Assert.Equal(TableState.All.Count * TableVerb.All.Count * TablePerson.All.Count, cells);
        string file = Path.Combine(Repository.Folder, "docs", "requests.md");
        string document = await File.ReadAllTextAsync(file, TestWorld.Cancellation);
        int begin = document.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        Assert.True(begin > Begin.Length, $"{file} has lost the line {Begin}");
        if (Environment.GetEnvironmentVariable(Rewrite) == "1") await File.WriteAllTextAsync(file, document[..begin] + tables, TestWorld.Cancellation);
        else Assert.True(document[begin..] == tables, $"{file} does not say what the code does. Look at the difference after running this test with {Rewrite}=1.");
    }

    private static async Task StandInAsync(TestWorld world)
    {
        await world.ExecuteAsync("""
            insert into people (subject, display_name, groups, roles, attributes, last_seen_at) values
                ('absent', 'absent', '{leads}', '{}', '{}', now()), ('deputy', 'deputy', '{others}', '{}', '{}', now())
            """);
        Actor absent = TestPeople.New("absent", "jit-approver");
        DateTimeOffset now = world.Clock.GetUtcNow();
        DateTimeOffset from = new(now.Ticks / TimeSpan.TicksPerMinute * TimeSpan.TicksPerMinute, TimeSpan.Zero);
        await world.Here.Get<DelegationService>().MakeAsync(absent, TablePerson.Deputy.Subject, from, from.AddDays(1), "", TestWorld.Cancellation);
    }
}
