using JitAccess.Benchmarks;

// Each benchmark measures side by side in one run, and prints lines "figure <name> <number> <unit>".
Dictionary<string, Func<Task>> benchmarks = new(StringComparer.Ordinal)
{
    ["audit"] = AuditBenchmark.RunAsync,
    ["live"] = LiveBenchmark.RunAsync,
    ["submit"] = SubmitBenchmark.RunAsync,
    ["decide"] = Measured(DecideBenchmark.Run),
    ["impact"] = Measured(ImpactBenchmark.Run),
};

if (args is not [{ } name] || !benchmarks.TryGetValue(name, out Func<Task>? run))
{
    Console.Error.WriteLine($"Name a benchmark: {string.Join(", ", benchmarks.Keys)}.");
    return 2;
}
await run();
return 0;

static Func<Task> Measured(Action run) => () =>
{
    run();
    return Task.CompletedTask;
};
