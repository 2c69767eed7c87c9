using JitAccess.Benchmarks;

// Each benchmark measures side by side in one run, and prints lines "figure <name> <number> <unit>".
const string Large = "--seed-large";
Dictionary<string, Func<Task>> benchmarks = new(StringComparer.Ordinal)
{
    ["audit"] = AuditBenchmark.RunAsync,
    ["live"] = LiveBenchmark.RunAsync,
    ["submit"] = SubmitBenchmark.RunAsync,
    ["decide"] = Measured(DecideBenchmark.Run),
    ["impact"] = Measured(ImpactBenchmark.Run),
    ["terminal"] = TerminalBenchmark.RunAsync,
    ["ends"] = EndsBenchmark.RunAsync,
    ["lists"] = () => ListsBenchmark.RunAsync(isLarge: args.Contains(Large)),
};

if (args is [NodeProcess.Name])
{
    await NodeProcess.RunAsync();
    return 0;
}
if (args is [SessionsProcess.Name, .. string[] forIt])
{
    await SessionsProcess.RunAsync(forIt);
    return 0;
}
if (args.Length == 0 || args[1..] is not ([] or [Large]) || !benchmarks.TryGetValue(args[0], out Func<Task>? run))
{
    Console.Error.WriteLine($"Name a benchmark: {string.Join(", ", benchmarks.Keys)}. For lists, {Large} makes millions of rows.");
    return 2;
}
await run();
return 0;

static Func<Task> Measured(Action run) => () =>
{
    run();
    return Task.CompletedTask;
};
