using JitAccess.Domain.Nodes;

namespace JitAccess.Web.Aws;

/// <summary>Reads the nodes that Systems Manager manages.</summary>
public interface INodeReader
{
    /// <summary>All managed nodes of one account and Region with their tags, or an exception: never a part of them.</summary>
    /// <exception cref="AwsException">AWS did not answer, or refused.</exception>
    Task<IReadOnlyList<Node>> ReadAsync(AwsPlace place, CancellationToken cancellationToken);
}
