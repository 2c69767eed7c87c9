using System.Net;
using Amazon.Runtime;

namespace JitAccess.Web.Aws;

/// <summary>Says in words for people what AWS said in codes: what happened, why, what to do next.</summary>
/// <remarks>
/// The SDK's exceptions stay here. AWS's own text is not repeated: the answer to a wrong signature quotes the request's
/// headers, the security token among them. The code and the request's id lead to the details in CloudTrail.
/// </remarks>
internal static class AwsErrors
{
    public static AwsException Translate(Exception exception, AwsCall call)
    {
        (AwsFailure failure, string message) = exception is AmazonServiceException { StatusCode: > 0 } answer
            ? Answered(answer, call)
            : NotAnswered(exception, call);
        return new AwsException(failure, message, CauseBelowTheSdk(exception));
    }

    private static (AwsFailure, string) Answered(AmazonServiceException answer, AwsCall call)
    {
        string reference = string.IsNullOrEmpty(answer.RequestId) ? $"({answer.ErrorCode})" : $"({answer.ErrorCode}, request {answer.RequestId})";
        return answer.ErrorCode switch
        {
            _ when answer.StatusCode == HttpStatusCode.TooManyRequests || IsThrottling(answer.ErrorCode) => (AwsFailure.Throttled,
                $"AWS is busy (throttling) and did not answer {call.Action} in {call.Where}. Try again in a moment. {reference}"),

            "TargetNotConnected" => (AwsFailure.NotConnected,
                $"The agent of {call.Subject} is not connected to Systems Manager, so no session can be opened. Check that the machine runs, that its SSM Agent is started and that it reaches the network; then try again. {reference}"),

            "AccessDenied" or "AccessDeniedException" or "UnauthorizedOperation" or "UnauthorizedException" when call.Action == "sts:AssumeRole" => (AwsFailure.AccessDenied,
                $"AWS does not let JitAccess assume its access role {call.Role}. An administrator has to let that role trust JitAccess's own identity, allow that identity sts:AssumeRole on it, and compare the external id (Aws:Accounts). {reference}"),

            "AccessDenied" or "AccessDeniedException" or "UnauthorizedOperation" or "UnauthorizedException" => (AwsFailure.AccessDenied,
                $"AWS denied {call.Action} in {call.Where} to the access role {call.Role}. An administrator has to allow that action to the role. {reference}"),

            "InvalidClientTokenId" or "UnrecognizedClientException" or "AuthFailure" or "SignatureDoesNotMatch" or "InvalidSignatureException" or "IncompleteSignature"
                or "MissingAuthenticationToken" or "MissingAuthenticationTokenException" or "ExpiredToken" or "ExpiredTokenException" or "RequestExpired" => (AwsFailure.AccessDenied,
                $"AWS does not accept JitAccess's credentials for {call.Action} in {call.Where}. An administrator has to check its access key and the clock of its machine. {reference}"),

            "RegionDisabledException" => (AwsFailure.NotFound,
                $"STS is not active in {call.Place.Region} for account {call.Place.Account}. An administrator has to activate the Region there. {reference}"),

            "InvalidDocument" or "InvalidDocumentVersion" => (AwsFailure.NotFound,
                $"The session document of Aws:SessionDocument does not exist in {call.Where}. An administrator has to create it there (saving the Session Manager preferences does) or name another. {reference}"),

            "DoesNotExistException" or "InvalidResourceId" or "InvalidInstanceId" or "InvalidInstanceID.NotFound" => (AwsFailure.NotFound,
                $"{(call.Subject.Length > 0 ? call.Subject : "What was asked for")} does not exist in {call.Where} (any more). Refresh the nodes and look again. {reference}"),

            _ when (int)answer.StatusCode >= 500 => (AwsFailure.Unreachable,
                $"AWS has a fault of its own and did not answer {call.Action} in {call.Where}. Try again in a moment. {reference}"),

            _ => (AwsFailure.Unreachable,
                $"AWS refused {call.Action} in {call.Where}. If trying again does not help, an administrator finds the reason in CloudTrail. {reference}"),
        };
    }

    private static (AwsFailure, string) NotAnswered(Exception exception, AwsCall call) => exception switch
    {
        // What the default chain throws when it finds no key, no profile and no role of the machine.
        AmazonClientException when call.Action == "sts:AssumeRole" && Causes(exception).All(cause => cause is not HttpRequestException) => (AwsFailure.AccessDenied,
            "JitAccess has no AWS credentials of its own. An administrator has to give it some: a role of the machine, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."),

        _ => (AwsFailure.Unreachable,
            $"AWS could not be reached for {call.Action} in {call.Where}. Try again in a moment; if that does not help, an administrator has to check the network, the Region and Aws:ServiceUrl."),
    };

    // Both the service's own words and those of EC2, which has other ones.
    private static bool IsThrottling(string? code) => code
        is "Throttling" or "ThrottlingException" or "ThrottledException" or "RequestThrottled" or "RequestThrottledException"
        or "RequestLimitExceeded" or "TooManyRequestsException" or "EC2ThrottledException" or "BandwidthLimitExceeded"
        or "SlowDown" or "PriorRequestNotComplete" or "ProvisionedThroughputExceededException" or "TransactionInProgressException";

    private static Exception? CauseBelowTheSdk(Exception exception) =>
        Causes(exception).FirstOrDefault(cause => cause.GetType().Namespace?.StartsWith("Amazon", StringComparison.Ordinal) != true);

    private static IEnumerable<Exception> Causes(Exception exception)
    {
        for (Exception? cause = exception; cause is not null; cause = cause.InnerException) yield return cause;
    }
}
