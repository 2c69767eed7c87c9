using System.Text.Json;
using JitAccess.Web.Sessions.DataChannel;

namespace JitAccess.Sandbox.Aws;

/// <summary>What runs on a node for one session. Start and input come under the session's gate, so they must not block.</summary>
internal abstract class NodeProgram : IAsyncDisposable
{
    private long unconsumed;

    /// <summary>One of <see cref="SessionTypes"/>.</summary>
    public abstract string SessionType { get; }

    /// <summary>What the handshake says besides the type.</summary>
    public virtual JsonElement? Properties => null;

    /// <summary>Whether the real agent begins such a session with a handshake even without encryption.</summary>
    public bool NeedsHandshake => SessionType is SessionTypes.Port or SessionTypes.NonInteractiveCommands;

    /// <summary>Whether the real agent encrypts such a session when KMS is on.</summary>
    public bool CanEncrypt => SessionType is not SessionTypes.Port;

    /// <summary>Bytes of input taken and not used yet; while they are too many, input is neither taken nor acknowledged.</summary>
    public long Unconsumed => Interlocked.Read(ref unconsumed);

    /// <summary>Starts the program; throws when it cannot.</summary>
    public abstract void Start(INodeOutput output);

    /// <summary>Takes bytes of the client, which it may keep.</summary>
    public abstract void TakeInput(byte[] input);

    public virtual void Resize(int columns, int rows)
    {
        // Most programs have no terminal.
    }

    public virtual void TakeFlag(ChannelFlag flag)
    {
        // Most programs know no flags but the end of the session, which is not theirs.
    }

    public abstract ValueTask DisposeAsync();

    protected void CountTaken(int bytes) => Interlocked.Add(ref unconsumed, bytes);

    protected void CountUsed(int bytes) => Interlocked.Add(ref unconsumed, -bytes);

    // Terminals, pipes and sockets block.
    protected static Task OnItsOwnThread(Action pump) =>
        Task.Factory.StartNew(pump, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
