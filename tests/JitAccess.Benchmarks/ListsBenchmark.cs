using System.Diagnostics;
using System.Globalization;
using JitAccess.Domain.People;
using JitAccess.Web.Audit;
using JitAccess.Web.Requests;
using Npgsql;

namespace JitAccess.Benchmarks;

/// <summary>
/// The lists that people open, over much history beside the same over little: two installations, asked in turns, so that whatever else the machine does
/// falls on both. A page is full in both, and what is asked for is the same share of each.
/// </summary>
internal static class ListsBenchmark
{
    private const int SmallCount = 10_000;
    private const int WarmUps = 10;
    private const int Rounds = 60;

    private static readonly Actor Auditor = Person("auditor") with { Roles = [ApplicationRole.Auditor] };
    private static readonly Actor Approver = Person("approver", "team-3");

    /// <param name="isLarge">True for 1,000,000 requests and 5,000,000 audit entries; else a twentieth of them, to see in a minute whether it works.</param>
    public static async Task RunAsync(bool isLarge)
    {
        (int requests, int entries) = isLarge ? (1_000_000, 5_000_000) : (50_000, 250_000);
        await using BenchmarkApplication small = await BenchmarkApplication.StartAsync();
        await using BenchmarkApplication large = await BenchmarkApplication.StartAsync();
        await SeedAsync(small, SmallCount, SmallCount);
        await SeedAsync(large, requests, entries);

        double audit = await WorstAsync("audit", small, large, new Dictionary<string, Func<BenchmarkApplication, Task<int>>>
        {
            ["first_page"] = application => AuditAsync(application, new AuditFilter()),
            ["of_a_person"] = application => AuditAsync(application, new AuditFilter { Person = "person-0" }),
            ["of_an_action"] = application => AuditAsync(application, new AuditFilter { Actions = ["GrantRevoked"] }),
            ["of_two_actions"] = application => AuditAsync(application, new AuditFilter { Actions = ["GrantRevoked", "SessionFailed"] }),
            ["of_a_node"] = application => AuditAsync(application, new AuditFilter { Node = "i-00000000000000000" }),
            ["of_a_version"] = application => AuditAsync(application, new AuditFilter { Version = 1 }),
            ["of_a_person_and_an_action"] = application => AuditAsync(application, new AuditFilter { Person = "person-0", Actions = ["RequestSubmitted"] }),
        });
        Print("audit", entries, audit);
        // Words have an index of their own, which gives no order: told apart.
        foreach ((string name, string words) in new[] { ("one", "CHG-7777"), ("many", "checkout") })
            Figure.Print($"lists.audit_words_{name}_ms", await MedianAsync(() => AuditAsync(large, new AuditFilter { Text = words })), "ms");

        double waiting = await WorstAsync("requests", small, large, new Dictionary<string, Func<BenchmarkApplication, Task<int>>>
        {
            ["decided"] = application => RequestsAsync(application, Auditor, ApprovalView.Decided),
            ["decided_of_an_approver"] = application => RequestsAsync(application, Approver, ApprovalView.Decided),
            ["pending"] = application => RequestsAsync(application, Auditor, ApprovalView.AllPending),
            ["pending_of_an_approver"] = application => RequestsAsync(application, Approver, ApprovalView.AllPending),
            ["waiting_for_an_approver"] = application => RequestsAsync(application, Approver, ApprovalView.WaitingForMe),
        });
        Print("requests", requests, waiting);
    }

    private static void Print(string what, int count, double ratio) => Figure.Print(string.Create(CultureInfo.InvariantCulture, $"lists.{what}_ratio_{count}_vs_{SmallCount}"), ratio, "x");

    /// <summary>The largest ratio of the medians of the pages.</summary>
    private static async Task<double> WorstAsync(string what, BenchmarkApplication small, BenchmarkApplication large, Dictionary<string, Func<BenchmarkApplication, Task<int>>> pages)
    {
        double worst = 0;
        foreach ((string name, Func<BenchmarkApplication, Task<int>> page) in pages)
        {
            (int inSmall, int inLarge) = (0, 0);
            for (int warmUp = 0; warmUp < WarmUps; warmUp++) (inSmall, inLarge) = (await page(small), await page(large));
            if (inSmall != inLarge || inSmall == 0) throw new InvalidOperationException($"The page {name} has {inSmall} rows beside {inLarge}: nothing to compare.");
            List<double> little = [], much = [];
            for (int round = 0; round < Rounds; round++)
            {
                little.Add(await TimeAsync(() => page(small)));
                much.Add(await TimeAsync(() => page(large)));
            }
            (little, much) = ([.. little.Order()], [.. much.Order()]);
            double ratio = Figure.Percentile(much, 0.5) / Figure.Percentile(little, 0.5);
            Figure.Print($"lists.{what}_{name}_ms", Figure.Percentile(much, 0.5), "ms");
            Figure.Print($"lists.{what}_{name}_ratio", ratio, "x");
            worst = Math.Max(worst, ratio);
        }
        return worst;
    }

    private static async Task<double> MedianAsync(Func<Task<int>> page)
    {
        List<double> times = [];
        for (int round = 0; round < Rounds; round++) times.Add(await TimeAsync(page));
        times.Sort();
        return Figure.Percentile(times, 0.5);
    }

    private static async Task<double> TimeAsync(Func<Task<int>> page)
    {
        long start = Stopwatch.GetTimestamp();
        await page();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static async Task<int> AuditAsync(BenchmarkApplication application, AuditFilter filter) =>
        (await application.Get<AuditQueries>().ListAsync(Auditor, filter, null, null, CancellationToken.None)).Rows.Count;

    private static async Task<int> RequestsAsync(BenchmarkApplication application, Actor actor, ApprovalView view) =>
        (await application.Get<RequestQueries>().ForApprovalAsync(actor, view, null, CancellationToken.None)).Rows.Count;

    private static Actor Person(string name, params string[] groups) => new()
    {
        Person = new Person(name, name, $"{name}@example.com", [.. groups], new PersonAttributes()),
        Identity = new ProvenIdentity.Role(RoleArn.Parse("arn:aws:iam::111111111111:role/jit-approver")),
    };

    private static async Task SeedAsync(BenchmarkApplication application, int requests, int entries)
    {
        await SubmitBenchmark.SeedAsync(application);
        await application.Get<RequestService>().SubmitAsync(Person("first"), SubmitBenchmark.Node, new("Look into the slow checkout", TimeSpan.FromHours(2)), CancellationToken.None);
        NpgsqlDataSource database = application.Get<NpgsqlDataSource>();
        // Nobody listens while the past is made, and it is sealed as it is written.
        string[] tables = ["requests", "audit_entries", "audit_seals"];
        foreach (string table in tables) await ExecuteAsync(database, $"alter table {table} disable trigger user");
        await InPartsAsync("requests", requests, (first, last) => ExecuteAsync(database, RequestsSql(first, last, requests)));
        await ExecuteAsync(database, MonthsSql);
        await InPartsAsync("audit entries", entries, (first, last) => ExecuteAsync(database, EntriesSql(first, last, entries)));
        foreach (string table in tables) await ExecuteAsync(database, $"alter table {table} enable trigger user");
        await ExecuteAsync(database, "vacuum analyze");
    }

    // One a minute, of which the newest 500 are pending; 5,000 people with ten nodes each, 20 teams that approve. What is not said here is as in the first.
    private static string RequestsSql(int first, int last, int all) => string.Create(CultureInfo.InvariantCulture,
        $"""
        with made as (
            insert into requests overriding system value
            select (jsonb_populate_record(one, jsonb_build_object(
                'id', {Id("n")}, 'number', n + 1, 'requester', 'person-' || n % 5000, 'requester_name', 'Person ' || n % 5000,
                'node_id', 'i-' || lpad(to_hex((n % 5000) * 10 + n / 5000 % 10), 17, '0'), 'node_name', 'node-' || (n % 5000) * 10 + n / 5000 % 10,
                'status', case when n > {all - 500} then 'Pending' when n % 10 = 0 then 'Rejected' else 'Approved' end,
                'submitted_at', now() - ({all} - n) * interval '1 minute', 'times_out_at', now() + interval '7 days',
                'closed_at', case when n > {all - 500} then null else now() - ({all} - n) * interval '1 minute' end,
                'approver_keys', jsonb_build_array('group:team-' || n % 20), 'open_approver_keys', jsonb_build_array('group:team-' || n % 20)))).*
            from requests one, generate_series({first}, {last}) n where one.requester = 'first' returning id, status, submitted_at)
        insert into reviews (id, request_id, level, reviewer, reviewer_name, answers_for, verdict, comment, at)
        select gen_random_uuid(), id, 1, 'reviewer', 'Reviewer', 'group:team', case status when 'Rejected' then 'Reject' else 'Approve' end, 'Seen.', submitted_at from made where status <> 'Pending'
        """);

    // A table for each month of the last year, as there would be.
    private const string MonthsSql =
        """
        do $$
        declare
            month timestamp;
        begin
            for back in 1..12 loop
                month := date_trunc('month', now() at time zone 'UTC') - make_interval(months => back);
                execute format('create table %I partition of audit_entries for values from (%L) to (%L)', 'audit_entries_' || to_char(month, 'YYYY_MM'), audit_id_at(month at time zone 'UTC'), audit_id_at((month + interval '1 month') at time zone 'UTC'));
            end loop;
        end $$
        """;

    // Spread over 360 days, and as large as those of a submit, sealed a hundred a block. One person and one node have one in 50, two actions and one word one in 100.
    private static string EntriesSql(int first, int last, int all) => string.Create(CultureInfo.InvariantCulture,
        $$"""
        with made as (
            insert into audit_entries (id, at, actor, actor_name, actor_identity, actor_address, action, subject, node_id, after, policy_set_version, why)
            select overlay(audit_id_at(at)::text placing '7' || substr(md5(n::text), 1, 3) || '-8' || substr(md5(n::text), 4, 3) || '-' || substr(md5(n::text), 7, 12) from 15)::uuid, at,
                   case n % 50 when 0 then 'person-0' else 'person-' || 1 + n % 5000 end, 'Person', 'arn:aws:iam::111111111111:role/jit-requester', '192.0.2.7',
                   case n % 100 when 1 then 'GrantRevoked' when 2 then 'SessionFailed' else (array['RequestSubmitted', 'RequestApproved', 'SessionStarted', 'SessionEnded'])[1 + n / 2 % 4] end,
                   gen_random_uuid(), 'i-' || lpad(to_hex(case n % 50 when 3 then 0 else 1 + n % 2000 end), 17, '0'),
                   jsonb_build_object('status', 'Pending', 'openLevel', 1, 'reviewCount', 0, 'minutes', 120, 'grantEndsAt', null), 1 + n % 4,
                   case n % 100 when 5 then 'Look into the slow checkout' else 'Look into what the alarm says' end || ' of shop ' || n % 1000 || ', CHG-' || n
            from generate_series({{first}}, {{last}}) n, lateral (select now() - ({{all}} - n) * interval '360 days' / {{all}} as at) spread returning id, at)
        insert into audit_seals (block, position, entry_id, leaf)
        select number / 100 + 1, number % 100, id, '\x00' from (select id, {{first - 1}} + row_number() over (order by at) - 1 as number from made) made
        """);

    private static string Id(string number) => $"(lpad(to_hex(1764000000000 + {number}), 12, '0') || '7' || substr(md5({number}::text), 1, 3) || '8' || substr(md5({number}::text), 4, 15))::uuid";

    private static async Task InPartsAsync(string what, int count, Func<int, int, Task> insert)
    {
        const int atOnce = 50_000, toldEvery = 500_000;
        for (int first = 1; first <= count; first += atOnce)
        {
            await insert(first, Math.Min(count, first + atOnce - 1));
            if ((first - 1 + atOnce) % toldEvery == 0) await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{first - 1 + atOnce:N0} of {count:N0} {what}"));
        }
    }

    private static async Task ExecuteAsync(NpgsqlDataSource database, string sql)
    {
#pragma warning disable CA2100 // The texts stand above.
        await using NpgsqlCommand command = database.CreateCommand(sql);
#pragma warning restore CA2100
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync();
    }
}
