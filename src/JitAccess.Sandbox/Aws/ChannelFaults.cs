namespace JitAccess.Sandbox.Aws;

/// <summary>What goes wrong on data channels, in both directions. Shares are of all binary frames, from 0 to 1, and exclude each other.</summary>
public sealed record ChannelFaults
{
    /// <summary>The share that never arrives.</summary>
    public double Drop { get; init; }

    /// <summary>The share that arrives twice.</summary>
    public double Duplicate { get; init; }

    /// <summary>The share that arrives late, after others that were sent later.</summary>
    public double Delay { get; init; }

    /// <summary>How late.</summary>
    public TimeSpan DelayBy { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// Each connection is cut when it has carried so many frames, acknowledgements included; null for never. Nodes send up to 512
    /// frames before the first acknowledgement: with fewer than that, nothing may ever get through.
    /// </summary>
    public int? CutAfterFrames { get; init; }

    /// <summary>The same seed brings the same fates, as far as the frames come in the same order.</summary>
    public int Seed { get; init; } = 1;
}
