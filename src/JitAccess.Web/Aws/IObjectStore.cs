namespace JitAccess.Web.Aws;

/// <summary>Objects in S3, under JitAccess's own credentials.</summary>
public interface IObjectStore
{
    /// <summary>Puts a new object; one with this key must not exist.</summary>
    /// <exception cref="AwsException">S3 did not confirm.</exception>
    Task PutAsync(ObjectPlace place, string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>The keys that begin with a prefix, in ordinal order.</summary>
    /// <exception cref="AwsException">S3 did not answer.</exception>
    Task<IReadOnlyList<string>> ListAsync(ObjectPlace place, string prefix, CancellationToken cancellationToken);

    /// <summary>The content of an object.</summary>
    /// <exception cref="AwsException">S3 did not answer, or there is none.</exception>
    Task<byte[]> GetAsync(ObjectPlace place, string key, CancellationToken cancellationToken);

    /// <summary>Deletes an object; nothing happens if there is none.</summary>
    /// <exception cref="AwsException">S3 did not confirm.</exception>
    Task DeleteAsync(ObjectPlace place, string key, CancellationToken cancellationToken);
}

/// <summary>A bucket.</summary>
/// <param name="Bucket">Its name.</param>
/// <param name="Region">Its Region; null for the home Region.</param>
public sealed record ObjectPlace(string Bucket, string? Region);
