using System.ComponentModel.DataAnnotations;

namespace JitAccess.Web.Sessions.Recordings;

/// <summary>The section <c>Recording</c> of the configuration: where sessions are recorded, and under which key.</summary>
public sealed class RecordingOptions : IValidatableObject
{
    public const string Section = "Recording";

    /// <summary>True to record nothing. Said by name, so that nobody runs without recordings unknowingly.</summary>
    public bool Off { get; set; }

    /// <summary>The full path of a folder that recordings are written to. All replicas need the same one.</summary>
    public string? Folder { get; set; }

    /// <summary>A bucket instead of a folder.</summary>
    public RecordingBucket? S3 { get; set; }

    /// <summary>Keys of 32 bytes in base64. The first encrypts; all decrypt. A secret: give it by environment or a mounted file.</summary>
    public List<string> Keys { get; set; } = [];

    /// <summary>Whether keystrokes are recorded. The person typing is told.</summary>
    public bool Input { get; set; }

    /// <summary>What becomes of a session whose recording cannot be written any more.</summary>
    public WhenRecordingFails WhenItFails { get; set; } = WhenRecordingFails.End;

    /// <summary>How many days a recording is kept, where the policy does not say.</summary>
    public int KeepDays { get; set; } = 365;

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        bool toBucket = !string.IsNullOrWhiteSpace(S3?.Bucket);
        bool toFolder = !string.IsNullOrWhiteSpace(Folder);
        if (Off && (toBucket || toFolder)) yield return new($"{Section}:Off is true, and a place for recordings is set. Take one of them away.");
        if (Off) yield break;
        if (!toBucket && !toFolder) yield return new($"{Section}:Folder or {Section}:S3:Bucket is missing: sessions are recorded. To run without recordings, set {Section}:Off to true.");
        if (toBucket && toFolder) yield return new($"{Section}:Folder and {Section}:S3:Bucket are both set. Take one of them away.");
        if (toFolder && !Path.IsPathFullyQualified(Folder!)) yield return new($"{Section}:Folder is “{Folder}”, not a full path.");
        if (Keys.Count == 0) yield return new($"{Section}:Keys:0 is missing: 32 random bytes in base64, such as “openssl rand -base64 32” prints.");
        // The value is a secret, also a broken one.
        foreach ((int index, string key) in Keys.Index())
            if (RecordingKeys.Read(key) is null) yield return new($"{Section}:Keys:{index} is not 32 bytes in base64.");
        if (KeepDays is < 1 or > 36_500) yield return new($"{Section}:KeepDays is {KeepDays}, not between 1 and 36500.");
    }
}

/// <summary>A bucket that recordings are put into, in small parts as they come.</summary>
public sealed class RecordingBucket
{
    public string? Bucket { get; set; }

    /// <summary>What the keys of the objects begin with.</summary>
    public string Prefix { get; set; } = "recordings/";

    /// <summary>The bucket's Region; null for the home Region.</summary>
    public string? Region { get; set; }
}

/// <summary>What becomes of a session whose recording fails midway.</summary>
public enum WhenRecordingFails
{
    /// <summary>It ends.</summary>
    End,

    /// <summary>It goes on, and its recording is marked as incomplete.</summary>
    Continue,
}
