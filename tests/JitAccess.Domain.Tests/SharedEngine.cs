using JitAccess.Cedar;
using JitAccess.Domain.Tests;

[assembly: AssemblyFixture(typeof(SharedEngine))]

namespace JitAccess.Domain.Tests;

/// <summary>The real engine, one for all tests: it takes a second to start.</summary>
public sealed class SharedEngine : IDisposable
{
    public CedarEngine Cedar { get; } = new();

    public void Dispose() => Cedar.Dispose();
}
