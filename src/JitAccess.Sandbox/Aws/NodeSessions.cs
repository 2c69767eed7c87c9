using System.Collections.Concurrent;
using JitAccess.Sandbox.Terminal;

namespace JitAccess.Sandbox.Aws;

/// <summary>All sessions since the emulator's start, the latest ended ones included.</summary>
internal sealed class NodeSessions(AwsEmulatorOptions options, KmsKeys keys) : IAsyncDisposable
{
    private const int MostKept = 2000;

    private readonly ConcurrentDictionary<string, NodeSession> sessions = new();
    private readonly NodeShells shells = new(options.ShellUser);
    private readonly ILogger logger = options.Logging.CreateLogger<NodeSession>();

    /// <summary>Where the emulator listens; known once it does.</summary>
    public Uri? Endpoint { get; set; }

    public NodeSession Start(
        EmulatedNode node, AwsCaller owner, string documentName, IReadOnlyDictionary<string, IReadOnlyList<string>>? parameters, string? reason)
    {
        NodeProgram program = new SessionDocuments(shells).Program(documentName, node, parameters);
        NodeSession session = new(node, owner, documentName, reason, program, keys, options, logger);
        sessions[session.SessionId] = session;
        ForgetOldest();
        return session;
    }

    public NodeSession? Find(string id) => sessions.GetValueOrDefault(id);

    public NodeSession? Find(string accountId, string region, string id) =>
        Find(id) is { } session && session.Node.AccountId == accountId && session.Node.Region == region ? session : null;

    public IEnumerable<NodeSession> In(string accountId, string region) =>
        sessions.Values.Where(session => session.Node.AccountId == accountId && session.Node.Region == region);

    public IReadOnlyList<SessionDescription> Describe() => [.. sessions.Values.Select(session => session.Describe())];

    public string StreamUrl(NodeSession session) =>
        $"ws://{Endpoint!.Authority}/v1/data-channel/{Uri.EscapeDataString(session.SessionId)}?role=publish_subscribe";

    public async ValueTask DisposeAsync()
    {
        try
        {
            await Task.WhenAll(sessions.Values.Select(session => session.DisposeAsync().AsTask()));
        }
        finally
        {
            shells.Dispose();
        }
    }

    private void ForgetOldest()
    {
        if (sessions.Count <= MostKept)
            return;
        foreach (SessionDescription old in Describe().Where(session => session.EndDate is not null).OrderBy(session => session.EndDate).Take(MostKept / 2))
            sessions.TryRemove(old.SessionId, out _);
    }
}
