using JitAccess.Domain.Nodes;

namespace JitAccess.Web.Components.Requests;

/// <summary>What somebody enters to ask for access.</summary>
public sealed class RequestForm
{
    /// <summary>The nodes asked for, by id, each with its name once it is known.</summary>
    public Dictionary<InstanceId, string> Nodes { get; } = [];

    public string Reason { get; set; } = "";

    /// <summary>Empty for none.</summary>
    public string Ticket { get; set; } = "";

    /// <summary>Null for as long as the policies allow.</summary>
    public TimeSpan? Duration { get; set; }

    /// <summary>Start at a date and time, not at approval.</summary>
    public bool IsLater { get; set; }

    /// <summary>The later start; null while none is chosen.</summary>
    public DateTimeOffset? Start { get; set; }

    /// <summary>Open access now, past those who would be asked.</summary>
    public bool BreakGlass { get; set; }

    /// <summary>Connect as soon as access is there.</summary>
    public bool Connect { get; set; } = true;
}
