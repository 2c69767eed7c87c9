using System.Collections.Concurrent;
using JitAccess.Sandbox.Terminal;

namespace JitAccess.Sandbox.Aws;

/// <summary>All sessions since the emulator's start, the latest ended ones included.</summary>
internal sealed class NodeSessions(AwsEmulatorOptions options, KmsKeys keys, AttachedAgents agents) : IAsyncDisposable
{
    private const int MostKept = 2000;

    private readonly ConcurrentDictionary<string, ManagedSession> sessions = new();
    private readonly NodeShells shells = new(options.ShellUser);
    private readonly ILogger logger = options.Logging.CreateLogger<NodeSession>();

    /// <summary>Where the emulator listens; known once it does.</summary>
    public Uri? Endpoint { get; set; }

    /// <summary>Starts a session: on the machine itself if its agent is attached, else on an emulated one.</summary>
    public ManagedSession Start(
        EmulatedNode node, AwsCaller owner, string documentName, IReadOnlyDictionary<string, IReadOnlyList<string>>? parameters, string? reason)
    {
        ManagedSession session = agents.IsAttached(node.Id)
            ? StartRelayed(node, owner, documentName, parameters, reason)
            : new NodeSession(
                node, owner, documentName, reason, new SessionDocuments(shells).Program(documentName, node, parameters), keys, options, logger);
        sessions[session.SessionId] = session;
        ForgetOldest();
        return session;
    }

    public ManagedSession? Find(string id) => sessions.GetValueOrDefault(id);

    public ManagedSession? Find(string accountId, string region, string id) =>
        Find(id) is { } session && session.Node.AccountId == accountId && session.Node.Region == region ? session : null;

    public IEnumerable<ManagedSession> In(string accountId, string region) =>
        sessions.Values.Where(session => session.Node.AccountId == accountId && session.Node.Region == region);

    public IReadOnlyList<SessionDescription> Describe() => [.. sessions.Values.Select(session => session.Describe())];

    public string StreamUrl(ManagedSession session) =>
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

    private RelayedSession StartRelayed(
        EmulatedNode node, AwsCaller owner, string documentName, IReadOnlyDictionary<string, IReadOnlyList<string>>? parameters, string? reason)
    {
        SessionDocumentContent content = SessionDocuments.Content(documentName, parameters);
        RelayedSession session = new(node, owner, documentName, reason, options.Clock, logger, agents);
        // Known before the agent is told: it comes for its token at once.
        sessions[session.SessionId] = session;
        if (!agents.Send(node.Id, AgentTask.StartSession(session, content, options.Clock.GetUtcNow())))
            session.Complete("The agent is gone.", hasFailed: true);
        return session;
    }

    private void ForgetOldest()
    {
        if (sessions.Count <= MostKept)
            return;
        foreach (SessionDescription old in Describe().Where(session => session.EndDate is not null).OrderBy(session => session.EndDate).Take(MostKept / 2))
            sessions.TryRemove(old.SessionId, out _);
    }
}
