using JitAccess.Domain.People;

namespace JitAccess.Web.Aws;

/// <summary>One question to AWS, with what its refusal has to name.</summary>
/// <param name="Action">The IAM action, for example <c>ssm:StartSession</c>.</param>
/// <param name="Place">Where.</param>
/// <param name="Role">The role that asks, or that is asked for by <c>sts:AssumeRole</c>.</param>
/// <param name="Subject">What is asked about: a node, a session, a document.</param>
internal sealed record AwsCall(string Action, AwsPlace Place, RoleArn Role, string Subject = "")
{
    /// <summary>Asks; turns what the SDK throws into an <see cref="AwsException"/>.</summary>
    public async Task<TAnswer> AskAsync<TAnswer>(Func<CancellationToken, Task<TAnswer>> ask, CancellationToken cancellationToken)
    {
        try
        {
            return await ask(cancellationToken);
        }
        catch (Exception exception) when (exception is not AwsException && !cancellationToken.IsCancellationRequested)
        {
            throw AwsErrors.Translate(exception, this);
        }
    }

    /// <summary>Where, in words.</summary>
    public string Where => $"account {Place.Account}, {Place.Region}";
}
