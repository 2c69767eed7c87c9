using JitAccess.Web.Sessions.DataChannel;

namespace JitAccess.Web.Tests.Sessions.DataChannel;

/// <summary>Random faults on the way, 15 % of all frames: a third each is lost, doubled or late. Thread-safe.</summary>
internal sealed class ChannelWeather(int seed)
{
    private const double Share = 0.05;
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(60);

    private readonly Lock _gate = new();
    private readonly Random _random = new(seed);

    /// <summary>How many frames were lost, doubled and late.</summary>
    public (int Lost, int Doubled, int Late) Counts { get; private set; }

    public void Over(ChannelServer server)
    {
        server.Copies = Copies;
        server.Late = Late;
    }

    private int Copies(AgentMessage message)
    {
        lock (_gate)
        {
            double drawn = _random.NextDouble();
            Counts = (Counts.Lost + (drawn < Share ? 1 : 0), Counts.Doubled + (drawn is >= Share and < 2 * Share ? 1 : 0), Counts.Late);
            return drawn < Share ? 0 : drawn < 2 * Share ? 2 : 1;
        }
    }

    private TimeSpan Late(AgentMessage message)
    {
        lock (_gate)
        {
            if (_random.NextDouble() >= Share)
                return TimeSpan.Zero;
            Counts = (Counts.Lost, Counts.Doubled, Counts.Late + 1);
            return Longest * _random.NextDouble();
        }
    }
}
