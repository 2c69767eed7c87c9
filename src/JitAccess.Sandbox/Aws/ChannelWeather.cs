namespace JitAccess.Sandbox.Aws;

/// <summary>Decides what becomes of each frame. Thread-safe.</summary>
internal sealed class ChannelWeather
{
    private readonly Lock gate = new();
    private ChannelFaults? faults;
    private Random random = new(1);

    /// <summary>Null for fair weather.</summary>
    public ChannelFaults? Faults
    {
        get
        {
            lock (gate)
                return faults;
        }

        set
        {
            lock (gate)
                (faults, random) = (value, new Random(value?.Seed ?? 1));
        }
    }

    /// <param name="carried">How many frames the connection has carried, this one included.</param>
    public FrameFate Next(int carried)
    {
        lock (gate)
        {
            if (faults is null)
                return FrameFate.Arrives;
            if (carried > faults.CutAfterFrames)
                return FrameFate.Cuts;
            double drawn = random.NextDouble();
            return drawn < faults.Drop ? FrameFate.IsLost
                : drawn < faults.Drop + faults.Duplicate ? FrameFate.ArrivesTwice
                : drawn < faults.Drop + faults.Duplicate + faults.Delay ? FrameFate.ArrivesLate
                : FrameFate.Arrives;
        }
    }
}

/// <summary>What becomes of a frame.</summary>
internal enum FrameFate
{
    Arrives,
    IsLost,
    ArrivesTwice,
    ArrivesLate,

    /// <summary>The connection breaks instead.</summary>
    Cuts,
}
