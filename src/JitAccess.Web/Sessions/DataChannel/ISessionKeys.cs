namespace JitAccess.Web.Sessions.DataChannel;

/// <summary>Makes the data key of one session, for a node that wants the session encrypted.</summary>
public interface ISessionKeys
{
    /// <summary>A fresh key of <see cref="SessionDataKey.Length"/> bytes, bound to this session and its node: KMS <c>GenerateDataKey</c>.</summary>
    /// <param name="keyId">The KMS key that the node names: an ARN, an id or an alias. It comes from outside.</param>
    /// <param name="cancellationToken">Stops the asking; the node asks again.</param>
    /// <exception cref="Exception">There is no key; the message is fit for the person to read.</exception>
    Task<SessionDataKey> GenerateAsync(string keyId, CancellationToken cancellationToken);
}
