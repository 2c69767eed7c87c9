using JitAccess.Sandbox.Hosting;

namespace JitAccess.EndToEnd.Tests.Stage;

/// <summary>An installation of its own, as it is after the migration: nodes and people, but no policy.</summary>
public sealed class EmptySandbox : RunningSandbox
{
    protected override SandboxOptions Options => new() { Seed = (_, _) => Task.CompletedTask };
}
