namespace JitAccess.Web.Notifications.Channels;

/// <summary>A way out of the application that the operator has configured.</summary>
public interface IChannel
{
    /// <summary>What it is called everywhere: <c>email</c>, <c>webhook:siem</c>.</summary>
    string Name { get; }

    ChannelKind Kind { get; }

    /// <summary>Where it leads, for people: a host. Never an address that is a secret.</summary>
    string Place { get; }

    /// <summary>Whether the operator wants messages of this kind sent by it.</summary>
    bool Takes(string kind);

    /// <summary>Hands a delivery over. It may be handed over twice, with the same ids.</summary>
    /// <exception cref="ChannelException">It was not taken; the message is for admins and holds no secret.</exception>
    Task SendAsync(Delivery delivery, DateTimeOffset now, CancellationToken cancellationToken);
}
