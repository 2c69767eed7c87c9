using System.Globalization;

namespace JitAccess.Web.Audit;

/// <summary>How files of the audit say values.</summary>
internal static class AuditText
{
    /// <summary><c>2026-06-01T09:00:00.123456Z</c>: the microseconds that the store keeps.</summary>
    public static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
