using System.Net;
using Amazon.S3.Model;

namespace JitAccess.Web.Aws;

/// <summary>S3 under JitAccess's own credentials.</summary>
internal sealed class ObjectStore(AwsClients clients) : IObjectStore
{
    public Task PutAsync(ObjectPlace place, string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => AskAsync(place, "s3:PutObject", async () =>
    {
        using MemoryStream body = new(content.ToArray());
        PutObjectRequest request = new()
        {
            BucketName = place.Bucket,
            Key = key,
            InputStream = body,
            AutoCloseStream = false,
            ContentType = "application/octet-stream",
            // Nothing is ever written over.
            IfNoneMatch = "*",
            UseChunkEncoding = false,
        };
        await clients.S3(place.Region).PutObjectAsync(request, cancellationToken);
        return true;
    }, cancellationToken);

    public Task<IReadOnlyList<string>> ListAsync(ObjectPlace place, string prefix, CancellationToken cancellationToken) => AskAsync<IReadOnlyList<string>>(place, "s3:ListBucket", async () =>
    {
        List<string> keys = [];
        ListObjectsV2Request request = new() { BucketName = place.Bucket, Prefix = prefix };
        ListObjectsV2Response page;
        do
        {
            page = await clients.S3(place.Region).ListObjectsV2Async(request, cancellationToken);
            keys.AddRange((page.S3Objects ?? []).Select(found => found.Key));
            request.ContinuationToken = page.NextContinuationToken;
        }
        while (page.IsTruncated == true);
        keys.Sort(StringComparer.Ordinal);
        return keys;
    }, cancellationToken);

    public Task<byte[]> GetAsync(ObjectPlace place, string key, CancellationToken cancellationToken) => AskAsync(place, "s3:GetObject", async () =>
    {
        using GetObjectResponse found = await clients.S3(place.Region).GetObjectAsync(place.Bucket, key, cancellationToken);
        using MemoryStream content = new();
        await found.ResponseStream.CopyToAsync(content, cancellationToken);
        return content.ToArray();
    }, cancellationToken);

    public Task DeleteAsync(ObjectPlace place, string key, CancellationToken cancellationToken) => AskAsync(place, "s3:DeleteObject", async () =>
    {
        await clients.S3(place.Region).DeleteObjectAsync(place.Bucket, key, cancellationToken);
        return true;
    }, cancellationToken);

    private static async Task<T> AskAsync<T>(ObjectPlace place, string action, Func<Task<T>> ask, CancellationToken cancellationToken)
    {
        try
        {
            return await ask();
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            throw Translated(exception, place, action);
        }
    }

    private static AwsException Translated(Exception exception, ObjectPlace place, string action) => S3Errors.Translate(exception, place, (answer, reference) => answer switch
    {
        { ErrorCode: "NoSuchBucket" } => new AwsException(AwsFailure.NotFound, $"The bucket {place.Bucket} does not exist. An administrator has to create it. {reference}"),
        { ErrorCode: "NoSuchKey" } => new AwsException(AwsFailure.NotFound, $"An object that was expected in the bucket {place.Bucket} is not there. {reference}"),
        { StatusCode: HttpStatusCode.Forbidden } => new AwsException(AwsFailure.AccessDenied, $"S3 denied {action} on the bucket {place.Bucket} to JitAccess's own role. An administrator has to allow it. {reference}"),
        _ => new AwsException(AwsFailure.Unreachable, $"S3 refused {action} on the bucket {place.Bucket}. If trying again does not help, an administrator finds the reason in CloudTrail. {reference}"),
    });
}
