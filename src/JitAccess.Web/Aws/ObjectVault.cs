using Amazon.S3;
using Amazon.S3.Model;

namespace JitAccess.Web.Aws;

/// <summary>S3 under JitAccess's own credentials.</summary>
internal sealed class ObjectVault(AwsClients clients) : IObjectVault
{
    public async Task PutAsync(ObjectPlace place, string key, string content, DateTimeOffset retainUntil, CancellationToken cancellationToken)
    {
        PutObjectRequest request = new()
        {
            BucketName = place.Bucket,
            Key = key,
            ContentBody = content,
            ContentType = "application/json",
            ObjectLockMode = ObjectLockMode.Compliance,
            ObjectLockRetainUntilDate = retainUntil.UtcDateTime,
            // Object Lock demands a checksum; in one piece, a proxy in between need not know AWS's own chunks.
            ChecksumAlgorithm = ChecksumAlgorithm.SHA256,
            UseChunkEncoding = false,
        };
        try
        {
            await clients.S3(place.Region).PutObjectAsync(request, cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            throw Translated(exception, place);
        }
    }

    private static AwsException Translated(Exception exception, ObjectPlace place) => S3Errors.Translate(exception, place, (answer, reference) => answer.ErrorCode switch
    {
        "NoSuchBucket" => new AwsException(AwsFailure.NotFound, $"The bucket {place.Bucket} does not exist. An administrator has to create it, with Object Lock. {reference}"),
        "AccessDenied" => new AwsException(AwsFailure.AccessDenied, $"S3 denied s3:PutObject or s3:PutObjectRetention on the bucket {place.Bucket} to JitAccess's own role. An administrator has to allow both. {reference}"),
        "InvalidRequest" or "ObjectLockConfigurationNotFoundError" => new AwsException(AwsFailure.NotFound, $"The bucket {place.Bucket} does not take locked objects. An administrator has to turn on Object Lock. {reference}"),
        _ => new AwsException(AwsFailure.Unreachable, $"S3 refused to put an object into the bucket {place.Bucket}. If trying again does not help, an administrator finds the reason in CloudTrail. {reference}"),
    });
}
