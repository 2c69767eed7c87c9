namespace JitAccess.Sandbox.Aws;

/// <summary>The latest calls, oldest first.</summary>
internal sealed class CallLog
{
    private const int Capacity = 10_000;

    private readonly Lock gate = new();
    private readonly Queue<RecordedCall> calls = new();

    public void Add(RecordedCall call)
    {
        lock (gate)
        {
            calls.Enqueue(call);
            if (calls.Count > Capacity)
                calls.Dequeue();
        }
    }

    public IReadOnlyList<RecordedCall> Snapshot()
    {
        lock (gate)
            return [.. calls];
    }
}
