using System.Globalization;
using JitAccess.Domain.Audit;
using JitAccess.Web.Aws;

namespace JitAccess.Web.Audit.Anchors;

/// <summary>Keeps anchors in S3, one locked object each.</summary>
internal sealed class S3Anchor(IObjectVault vault, S3AnchorOptions options) : IAnchorStore
{
    public string Name => "s3";

    public async Task KeepAsync(AuditAnchor anchor, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // In the order of their names objects stand in the order of blocks.
        string key = string.Create(CultureInfo.InvariantCulture, $"{options.Prefix}block-{anchor.Block:D12}.json");
        try
        {
            await vault.PutAsync(new ObjectPlace(options.Bucket!, options.Region), key, AnchorDocument.Write(anchor) + "\n", now.AddDays(options.RetentionDays), cancellationToken);
        }
        catch (AwsException exception)
        {
            throw new AnchorException(exception.Message, exception);
        }
    }
}
