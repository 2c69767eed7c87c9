using JitAccess.Sandbox.Aws;
using JitAccess.Sandbox.Seeding;

namespace JitAccess.Sandbox.Hosting;

public sealed record SandboxOptions
{
    /// <summary>Where the application listens: plain http on loopback. Port 0 takes a free one.</summary>
    public IReadOnlyList<Uri> Addresses { get; init; } = [new("http://127.0.0.1:0")];

    /// <summary>Where everything is kept between runs; null is a temporary folder, removed at dispose.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>Whether what an earlier run kept in <see cref="DataDirectory"/> is removed first.</summary>
    public bool Fresh { get; init; }

    /// <summary>What exists in AWS.</summary>
    public SandboxWorld World { get; init; } = DefaultWorld.Create();

    /// <summary>Further settings of the application (<c>Aws:RefreshInterval</c> and so on); they win over the sandbox's own.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Fills the migrated database, given its connection string; runs at every start, so it is safe to do twice.</summary>
    public Func<string, CancellationToken, Task> Seed { get; init; } = DemoPolicies.SeedAsync;

    /// <summary>Told what is going on while starting.</summary>
    public Action<string> Progress { get; init; } = _ => { };
}
