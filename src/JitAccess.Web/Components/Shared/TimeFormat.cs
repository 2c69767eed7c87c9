namespace JitAccess.Web.Components.Shared;

/// <summary>How an instant is said.</summary>
public enum TimeFormat
{
    /// <summary><c>14:02</c>, <c>Mon 1 Dec, 14:02</c></summary>
    Clock,

    /// <summary><c>16 min ago</c></summary>
    Ago,

    /// <summary><c>16 min</c>, since then</summary>
    Age,

    /// <summary><c>3 h 42 min</c>, until then</summary>
    In,

    /// <summary><c>14:02</c>, <c>yesterday 17:20</c>, <c>Fri 21 Nov</c></summary>
    Day,
}
