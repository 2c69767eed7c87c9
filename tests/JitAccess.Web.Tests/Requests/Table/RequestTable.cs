using System.Text;
using JitAccess.Domain;
using JitAccess.Domain.Grants;
using JitAccess.Domain.People;
using JitAccess.Domain.Requests;
using JitAccess.Web.Requests;
using JitAccess.Web.Tests.Data;

namespace JitAccess.Web.Tests.Requests.Table;

/// <summary>Every state × verb × person with what comes of it. What the pages offer is asked of the same questions as here; whether the services do just that is tried cell by cell.</summary>
internal sealed class RequestTable(TestWorld world)
{
    private static CancellationToken Cancellation => TestWorld.Cancellation;

    private readonly List<string> _problems = [];

    /// <summary>Where page and service do not agree; all of it, because one rule may be behind many cells.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>Tries every cell.</summary>
    /// <returns>The tables as Markdown, and how many cells were tried.</returns>
    public async Task<(string Markdown, int Cells)> TryAllAsync()
    {
        StringBuilder text = new();
        int cells = 0;
        foreach (TableState state in TableState.All)
        {
            text.Append('\n').Append("### ").Append(state.Name).Append("\n\n| |").AppendJoin('|', TablePerson.All.Select(person => $" {person.Name} ")).Append("|\n|---|").AppendJoin('|', TablePerson.All.Select(_ => "---")).Append("|\n");
            Situation shared = await state.MakeAsync(world);
            foreach (TableVerb verb in TableVerb.All)
            {
                text.Append("| ").Append(verb.Name).Append(" |");
                foreach (TablePerson person in TablePerson.All)
                {
                    text.Append(' ').Append(await TryAsync(state, shared, verb, person)).Append(" |");
                    cells++;
                }
                text.Append('\n');
            }
        }
        return (text.ToString(), cells);
    }

    private async Task<string> TryAsync(TableState state, Situation shared, TableVerb verb, TablePerson person)
    {
        Ruling offered = await OfferedAsync(shared, verb, person);
        string where = $"{verb.Name} by {person.Name} in “{state.Name}”";
        if (!offered.IsAllowed)
        {
            // Nothing changes, so that the situation serves all who are refused.
            IReadOnlyList<string> before = await StateAsync();
            RefusedException? refusal = await RefusalAsync(() => verb.DoAsync(world, shared, person.In(shared)));
            if (refusal is null) _problems.Add($"{where} is not offered ({offered.Message}), but the service does it.");
            else if (refusal.Kind != offered.Kind && !(verb.IsOfGrant && shared.Grant == Guid.Empty && refusal.Kind == RefusalKind.NotFound)) _problems.Add($"{where}: the page says {offered.Kind} ({offered.Message}), the service {refusal.Kind} ({refusal.Message}).");
            if (!before.SequenceEqual(await StateAsync())) _problems.Add($"{where} is refused, but changes something.");
            return offered.Kind switch
            {
                RefusalKind.NotFound => "–",
                RefusalKind.Forbidden => "may not",
                RefusalKind.Conflict => "not now",
                RefusalKind.Invalid or RefusalKind.Changed or RefusalKind.Unavailable => throw new InvalidOperationException($"{where}: {offered.Message}"),
            };
        }
        Situation own = await state.MakeAsync(world);
        Assert.True((await OfferedAsync(own, verb, person)).IsAllowed, where);
        RefusedException? unexpected = await RefusalAsync(() => verb.DoAsync(world, own, person.In(own)));
        if (unexpected is not null) _problems.Add($"{where} is offered, but refused: {unexpected.Message}");
        return verb.Leads ?? $"**{await DescribeAsync(own)}**";
    }

    /// <summary>What the person's page of the request offers; what is not visible is not there.</summary>
    private async Task<Ruling> OfferedAsync(Situation situation, TableVerb verb, TablePerson person)
    {
        Actor actor = person.In(situation);
        RequestDetails? details = await world.RequestQueries.FindAsync(actor, situation.Request, Cancellation);
        return details is null ? Ruling.Refused(RefusalKind.NotFound, "This request does not exist.") : verb.Offered(details);
    }

    private static async Task<RefusedException?> RefusalAsync(Func<Task> act)
    {
        try
        {
            await act();
            return null;
        }
        catch (RefusedException refusal)
        {
            return refusal;
        }
    }

    // Refused attempts may leave their trace in the audit; what they tried to change stays as it was.
    private Task<IReadOnlyList<string>> StateAsync() => world.QueryAsync("""
        select to_jsonb(r)::text from requests r union all select to_jsonb(r)::text from reviews r union all select to_jsonb(g)::text from grants g union all select to_jsonb(s)::text from sessions s order by 1
        """);

    private async Task<string> DescribeAsync(Situation situation)
    {
        RequestDetails details = (await world.RequestQueries.FindAsync(TestPeople.Admin, situation.Request, Cancellation))!;
        Grant? grant = details.Request.IsExtension ? details.Request.ExtendedGrant : details.Grant;
        string request = details.Request.Status switch
        {
            RequestStatus.Pending => $"pending, level {details.Request.OpenLevel} of {details.Request.Levels.Length}",
            RequestStatus.Approved => "approved",
            RequestStatus.Rejected => "rejected",
            RequestStatus.Cancelled => "cancelled",
            RequestStatus.TimedOut => "timed out",
        };
        if (details.Request.IsExtension && details.Request.Status == RequestStatus.Approved) return "approved, the grant's end moves";
        if (grant is null || details.Request.IsExtension) return request;
        return (grant.End, grant.ActivatedAt) switch
        {
            (GrantEnd.Returned, _) => "grant returned",
            (GrantEnd.Revoked, _) => "grant revoked",
            (GrantEnd.Expired, _) => "grant expired",
            (GrantEnd.Refused, _) => "grant refused",
            (null, null) => $"{request}, grant scheduled",
            (null, _) => $"{request}, grant active",
        };
    }
}
