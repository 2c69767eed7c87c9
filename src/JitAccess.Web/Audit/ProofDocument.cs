using System.Collections.Immutable;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using JitAccess.Domain.Audit;

namespace JitAccess.Web.Audit;

/// <summary>An <see cref="EntryProof"/> as a JSON file. docs/audit.md tells how to check it without this program.</summary>
internal static class ProofDocument
{
    private const string Format = "jitaccess-audit-proof-1";

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
    };

    public static byte[] Write(EntryProof proof) => JsonSerializer.SerializeToUtf8Bytes(new Document(
        Format, EntryOf(proof.Entry), proof.Inclusion.Position, [.. proof.Inclusion.Path.Select(digest => digest.ToString())], BlockOf(proof.Inclusion.Block), [.. proof.Following.Select(BlockOf)]), Options);

    /// <summary>The proof in a file.</summary>
    /// <exception cref="FormatException">It is not one.</exception>
    public static EntryProof Read(ReadOnlySpan<byte> file)
    {
        Document document;
        try
        {
            document = JsonSerializer.Deserialize<Document>(file, Options) ?? throw new FormatException("The file holds no proof.");
        }
        catch (JsonException exception)
        {
            throw new FormatException($"The file is not a proof: {exception.Message}", exception);
        }
        if (document.Format != Format) throw new FormatException($"The file is not a proof of the form {Format}.");
        Entry entry = document.Entry;
        return new EntryProof(
            new StoredEntry(entry.Id, Instant(entry.At), entry.Actor, entry.ActorName, entry.ActorIdentity, entry.ActorAddress, entry.Action, entry.Subject, entry.NodeId, entry.Before, entry.After, entry.PolicySetVersion, entry.Why),
            new InclusionProof(BlockFrom(document.Block), document.Position, [.. document.Path.Select(DigestFrom)]),
            [.. document.Following.Select(BlockFrom)]);
    }

    /// <summary>A digest out of its hexadecimal digits.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static Digest DigestFrom(string text)
    {
        byte[] bytes = Convert.FromHexString(text);
        return bytes.Length == Digest.Length ? new Digest(bytes) : throw new FormatException($"“{text}” is not a hash of {2 * Digest.Length} hexadecimal digits.");
    }

    /// <summary>An instant as <see cref="AuditText.Instant"/> writes it.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static DateTimeOffset Instant(string text) =>
        DateTimeOffset.ParseExact(text, "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);

    private static Entry EntryOf(StoredEntry entry) => new(
        entry.Id, AuditText.Instant(entry.At), entry.Actor, entry.ActorName, entry.ActorIdentity, entry.ActorAddress, entry.Action, entry.Subject, entry.NodeId, entry.Before, entry.After, entry.PolicySetVersion, entry.Why);

    private static Block BlockOf(AuditBlock block) =>
        new(block.Number, block.Count, block.IsComplete, AuditText.Instant(block.SealedAt), block.Root.ToString(), block.Previous.ToString(), block.Hash.ToString());

    private static AuditBlock BlockFrom(Block block) => new()
    {
        Number = block.Number,
        Count = block.Count,
        IsComplete = block.IsComplete,
        SealedAt = Instant(block.SealedAt),
        Root = DigestFrom(block.Root),
        Previous = DigestFrom(block.Previous),
        Hash = DigestFrom(block.Hash),
    };

    private sealed record Document(string Format, Entry Entry, int Position, ImmutableArray<string> Path, Block Block, ImmutableArray<Block> Following);

    /// <summary>The columns, <c>before</c> and <c>after</c> as the texts that are sealed.</summary>
    private sealed record Entry(
        Guid Id, string At, string? Actor, string ActorName, string? ActorIdentity, string? ActorAddress, string Action, string Subject, string? NodeId, string? Before, string? After, int? PolicySetVersion, string Why);

    private sealed record Block(long Number, int Count, bool IsComplete, string SealedAt, string Root, string Previous, string Hash);
}
