using System.Globalization;
using JitAccess.Domain.Audit;

namespace JitAccess.Web.Audit;

/// <summary>What stands behind <c>audit</c> on the command line.</summary>
internal sealed record AuditArguments
{
    /// <summary>By how much an entry may say it is older than what was sealed before it.</summary>
    public TimeSpan Tolerance { get; private init; } = AuditVerification.DefaultTolerance;

    /// <summary>A file with anchors; null for none.</summary>
    public string? AnchorFile { get; private init; }

    /// <summary>A hash that the reader trusts; null for none.</summary>
    public Digest? Hash { get; private init; }

    /// <summary>The entry to prove; null for another command.</summary>
    public Guid? Entry { get; private init; }

    /// <summary>The proof to check; null for another command.</summary>
    public string? ProofFile { get; private init; }

    /// <summary>How many months stay when older ones are retired; null for another command.</summary>
    public int? KeepMonths { get; private init; }

    /// <summary>Whether to say only what would be done.</summary>
    public bool IsDryRun { get; private init; }

    /// <summary>The arguments; null if they are not understood.</summary>
    public static AuditArguments? Parse(string[] arguments) => arguments switch
    {
        ["verify", .. var options] => new AuditArguments().With(options, "--tolerance", "--anchor"),
        ["prove", var entry] when Guid.TryParse(entry, out Guid id) => new AuditArguments { Entry = id },
        ["check-proof", var file, .. var options] => new AuditArguments { ProofFile = file }.With(options, "--anchor", "--hash"),
        ["retire", "--keep-months", var months, .. var more] when more is [] or ["--dry-run"] && int.TryParse(months, NumberStyles.None, CultureInfo.InvariantCulture, out int keep) =>
            new AuditArguments { KeepMonths = keep, IsDryRun = more.Length > 0 },
        _ => null,
    };

    private AuditArguments? With(string[] options, params string[] allowed)
    {
        AuditArguments? all = this;
        for (int at = 0; at < options.Length && all is not null; at += 2)
        {
            bool isKnown = allowed.Contains(options[at]) && at + 1 < options.Length;
            all = isKnown ? all.With(options[at], options[at + 1]) : null;
        }
        return all;
    }

    private AuditArguments? With(string option, string value) => option switch
    {
        "--tolerance" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int minutes) => this with { Tolerance = TimeSpan.FromMinutes(minutes) },
        "--anchor" => this with { AnchorFile = value },
        "--hash" when value.Length == 2 * Digest.Length && value.All(char.IsAsciiHexDigit) => this with { Hash = ProofDocument.DigestFrom(value) },
        _ => null,
    };
}
