using System.Collections.Immutable;
using System.Text.Json;
using JitAccess.Domain.Audit;

namespace JitAccess.Web.Audit.Anchors;

/// <summary>Anchors as lines of JSON, one an anchor: what each store keeps, and what <c>audit verify --anchor</c> reads.</summary>
internal static class AnchorDocument
{
    /// <summary>One line, without its end.</summary>
    public static string Write(AuditAnchor anchor) =>
        JsonSerializer.Serialize(new Line(anchor.Block, anchor.Hash.ToString(), AuditText.Instant(anchor.SealedAt)), JsonSerializerOptions.Web);

    /// <summary>The anchors of a file, and what about it is odd.</summary>
    /// <exception cref="FormatException">It holds no anchor, or two for one block.</exception>
    public static (ImmutableDictionary<long, AuditAnchor> Anchors, ImmutableArray<string> Oddities) Read(IEnumerable<string> lines)
    {
        ImmutableDictionary<long, AuditAnchor>.Builder anchors = ImmutableDictionary.CreateBuilder<long, AuditAnchor>();
        ImmutableArray<string>.Builder oddities = ImmutableArray.CreateBuilder<string>();
        foreach ((int index, string line) in lines.Index())
        {
            if (string.IsNullOrWhiteSpace(line)) continue;
            if (Parse(line) is not { } anchor) oddities.Add($"Line {index + 1} is not an anchor and was passed over.");
            else if (!anchors.TryAdd(anchor.Block, anchor) && anchors[anchor.Block].Hash != anchor.Hash) throw new FormatException($"Line {index + 1} names another hash for block {anchor.Block} than a line before it.");
        }
        return anchors.Count > 0 ? (anchors.ToImmutable(), oddities.ToImmutable()) : throw new FormatException("The file holds no anchor.");
    }

    // A line that was cut by a crash says nothing, and must not keep the others from being compared.
    private static AuditAnchor? Parse(string line)
    {
        try
        {
            Line? read = JsonSerializer.Deserialize<Line>(line, JsonSerializerOptions.Web);
            return read is { Block: > 0, Hash: { } hash, SealedAt: { } sealedAt } ? new AuditAnchor(read.Block, ProofDocument.DigestFrom(hash), ProofDocument.Instant(sealedAt)) : null;
        }
        catch (Exception exception) when (exception is JsonException or FormatException)
        {
            return null;
        }
    }

    private sealed record Line(long Block, string? Hash, string? SealedAt);
}
