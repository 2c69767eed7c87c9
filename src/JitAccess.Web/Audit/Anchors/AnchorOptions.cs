using JitAccess.Web.Notifications.Channels;

namespace JitAccess.Web.Audit.Anchors;

/// <summary>The section <c>Audit:Anchor</c> of the configuration: where hashes of blocks are kept outside the database. Nothing is set unless wanted.</summary>
public sealed class AnchorOptions
{
    /// <summary>The name of the section.</summary>
    public const string Section = "Audit:Anchor";

    /// <summary>How often the newest block is anchored, if there is a newer one.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>The path of a file that only grows.</summary>
    public string? File { get; set; }

    /// <summary>An address that takes a POST for each anchor; https, or http on loopback.</summary>
    public Uri? Webhook { get; set; }

    /// <summary>The secret of its signatures: <c>whsec_</c> and 24 to 64 bytes in base64.</summary>
    public string? WebhookSecret { get; set; }

    /// <summary>A bucket with Object Lock.</summary>
    public S3AnchorOptions S3 { get; set; } = new();

    /// <summary>Everything that is wrong, each naming its key.</summary>
    public IEnumerable<string> Problems()
    {
        if (Interval < TimeSpan.FromSeconds(1)) yield return "Audit:Anchor:Interval is shorter than 00:00:01.";
        if (File is not null && !Path.IsPathFullyQualified(File)) yield return $"Audit:Anchor:File is “{File}”, not a full path.";
        if (Webhook is not null && !StandardWebhook.IsSafe(Webhook))
            yield return $"Audit:Anchor:Webhook is “{Webhook}”, not an https address (http only on the loopback interface).";
        if (Webhook is not null && StandardWebhook.KeyOf(WebhookSecret) is null) yield return "Audit:Anchor:WebhookSecret is not whsec_ and 24 to 64 bytes in base64: the receiver knows by it that an anchor comes from here.";
        if (S3.Bucket is not null && S3.RetentionDays is < 1 or > 36_500) yield return "Audit:Anchor:S3:RetentionDays is not between 1 and 36500.";
    }
}

/// <summary>The section <c>Audit:Anchor:S3</c>.</summary>
public sealed class S3AnchorOptions
{
    /// <summary>The bucket; null for none.</summary>
    public string? Bucket { get; set; }

    /// <summary>Its Region; null for Aws:HomeRegion.</summary>
    public string? Region { get; set; }

    /// <summary>Stands in front of every key.</summary>
    public string Prefix { get; set; } = "jitaccess/";

    /// <summary>How long each object is locked.</summary>
    public int RetentionDays { get; set; } = 365;
}
