namespace JitAccess.Sandbox.Terminal;

/// <summary>
/// The processes of a terminal's session: those in the session itself, background jobs included, and those that left it
/// (<c>setsid</c>, <c>nohup</c>) but still carry its mark in their environment.
/// </summary>
internal sealed class SessionProcesses(int sessionId, string mark)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Lock leader = new();
    private bool leaderIsReaped;

    public int SessionId { get; } = sessionId;

    public static IReadOnlyDictionary<string, string> Marked(IReadOnlyDictionary<string, string> environment, string mark) =>
        new Dictionary<string, string>(environment) { [ProcessTable.MarkVariable] = mark };

    public void KillLeader()
    {
        lock (leader)
            if (!leaderIsReaped)
                _ = Libc.kill(SessionId, Libc.Kill); // A zombie does not mind.
    }

    /// <summary>The exit code of the leader, which must have ended.</summary>
    public int ReapLeader()
    {
        lock (leader)
        {
            leaderIsReaped = true;
            return Libc.Reap(SessionId);
        }
    }

    /// <summary>
    /// Kills them all, again and again until none is seen twice in a row: one may fork past a single look at the table.
    /// Call it only while the leader is not reaped.
    /// </summary>
    public void KillAll() => KillAll(mark, SessionId);

    /// <summary>Kills the processes that carry a mark, whatever session they are in.</summary>
    public static void KillMarked(string mark) => KillAll(mark, sessionId: null);

    private static void KillAll(string mark, int? sessionId)
    {
        long start = TimeProvider.System.GetTimestamp();
        for (int looksWithoutAny = 0; looksWithoutAny < 2;)
        {
            List<int> alive = FindAlive(mark, sessionId);
            if (alive.Count == 0)
            {
                looksWithoutAny++;
                continue;
            }

            looksWithoutAny = 0;
            if (TimeProvider.System.GetElapsedTime(start) > Patience)
                throw new InvalidOperationException($"Processes of a session do not end: {string.Join(", ", alive)}.");
            foreach (int processId in alive)
                _ = Libc.kill(processId, Libc.Kill); // It may be gone by now, which is what is wanted.
            Thread.Sleep(1);
        }
    }

    private static List<int> FindAlive(string mark, int? sessionId) =>
        [.. ProcessTable.Look().Where(process => process.SessionId == sessionId || process.Mark == mark).Select(process => process.ProcessId)];
}
