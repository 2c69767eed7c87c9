using Amazon.Runtime;

namespace JitAccess.Web.Aws;

/// <summary>Says in words what S3 said in codes. As in <see cref="AwsErrors"/>, AWS's own text is not repeated.</summary>
internal static class S3Errors
{
    /// <param name="exception">What the SDK threw.</param>
    /// <param name="place">The bucket that was asked.</param>
    /// <param name="inWords">An answer in words, given what leads to it in CloudTrail.</param>
    public static AwsException Translate(Exception exception, ObjectPlace place, Func<AmazonServiceException, string, AwsException> inWords)
    {
        if (exception is not AmazonServiceException { StatusCode: > 0 } answer)
            return new AwsException(AwsFailure.Unreachable, $"S3 could not be reached for the bucket {place.Bucket}. An administrator has to check the network, the Region, and that JitAccess has credentials of its own.");
        return inWords(answer, string.IsNullOrEmpty(answer.RequestId) ? $"({answer.ErrorCode})" : $"({answer.ErrorCode}, request {answer.RequestId})");
    }
}
