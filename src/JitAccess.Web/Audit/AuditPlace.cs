using System.Globalization;

namespace JitAccess.Web.Audit;

/// <summary>The place of an entry in the order that lists have: by time, then by id.</summary>
public readonly record struct AuditPlace(DateTimeOffset At, Guid Id)
{
    /// <summary>The place as it stands in an address.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(At - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond}.{Id:N}");

    /// <summary>A place out of an address; null if it is none.</summary>
    public static AuditPlace? Parse(string? text)
    {
        if (text?.Split('.') is not [var time, var id] || !Guid.TryParseExact(id, "N", out Guid entry)) return null;
        if (!long.TryParse(time, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long microseconds) || Math.Abs(microseconds) > 50_000_000_000_000_000) return null;
        return new AuditPlace(DateTimeOffset.UnixEpoch.AddMicroseconds(microseconds), entry);
    }
}
