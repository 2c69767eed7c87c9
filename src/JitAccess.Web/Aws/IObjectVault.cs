namespace JitAccess.Web.Aws;

/// <summary>Puts objects into S3 that nobody can change or delete for a time, the account's root user neither.</summary>
public interface IObjectVault
{
    /// <summary>Puts an object under Object Lock in compliance mode.</summary>
    /// <param name="place">Where.</param>
    /// <param name="key">The object's key.</param>
    /// <param name="content">Its text, JSON.</param>
    /// <param name="retainUntil">Until when it is locked.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="AwsException">S3 did not confirm.</exception>
    Task PutAsync(ObjectPlace place, string key, string content, DateTimeOffset retainUntil, CancellationToken cancellationToken);
}
